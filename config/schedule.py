"""What Celery beat starts, and how often (seconds), or when (UTC)."""

from celery.schedules import crontab

BEAT_SCHEDULE = {
    "give-sign": {"task": "config.tasks.give_sign", "schedule": 30.0},
    "clear-away": {"task": "config.tasks.clear_away", "schedule": crontab(hour=4, minute=40)},
    "send-due-mail": {"task": "core.tasks.send_due_mail", "schedule": 30.0},
    "tend-campaigns": {"task": "support.tasks.tend_campaigns", "schedule": 30.0},
    "requeue-stalled-files": {"task": "marketplace.tasks.requeue_stalled_files", "schedule": 30.0},
    "flush-views": {"task": "marketplace.tasks.flush_views", "schedule": 60.0},
    "sum-up-days": {"task": "marketplace.tasks.sum_up_days", "schedule": 60.0},
    "refresh-trending": {"task": "marketplace.tasks.refresh_trending", "schedule": 600.0},
    "renew-suggestions": {"task": "marketplace.tasks.renew_suggestions", "schedule": 600.0},
    "look-for-new-matches": {"task": "marketplace.tasks.look_for_new_matches", "schedule": 300.0},
    "refresh-search-words": {
        "task": "marketplace.tasks.refresh_search_words",
        "schedule": crontab(minute=17),
    },
    "expire-uploads": {"task": "marketplace.tasks.expire_uploads", "schedule": 900.0},
    "forget-shape-searches": {"task": "marketplace.tasks.forget_shape_searches", "schedule": 300.0},
    "publish-scheduled-models": {"task": "marketplace.tasks.publish_scheduled_models", "schedule": 60.0},
    "publish-scheduled-posts": {"task": "blog.tasks.publish_scheduled_posts", "schedule": 60.0},
    "forget-old-community-events": {
        "task": "community.tasks.forget_old_events",
        "schedule": crontab(hour=3, minute=50),
    },
    "purge-deleted-models": {
        "task": "marketplace.tasks.purge_deleted_models",
        "schedule": crontab(hour=3, minute=10),
    },
    "remove-orphans": {
        "task": "marketplace.tasks.remove_orphans",
        "schedule": crontab(day_of_week="sunday", hour=3, minute=40),
    },
    "tend-exports": {"task": "accounts.tasks.tend_exports", "schedule": 300.0},
    "lift-due-suspensions": {"task": "accounts.tasks.lift_due_suspensions", "schedule": 60.0},
    "erase-due-accounts": {"task": "accounts.tasks.erase_due_accounts", "schedule": 900.0},
    "refresh-rating-prior": {"task": "commerce.tasks.refresh_rating_prior", "schedule": crontab(minute=37)},
    "tend-payment-methods": {"task": "commerce.tasks.tend_payment_methods", "schedule": 900.0},
    "learn-provider-costs": {
        "task": "commerce.tasks.learn_provider_costs",
        "schedule": crontab(minute=52),
    },
    "forget-provider-calls": {
        "task": "commerce.tasks.forget_provider_calls",
        "schedule": crontab(hour=4, minute=20),
    },
    "tell-untold-orders": {"task": "commerce.tasks.tell_untold_orders", "schedule": 60.0},
    "print-missing-papers": {"task": "commerce.tasks.print_missing_papers", "schedule": 600.0},
    "renew-subscriptions": {"task": "commerce.tasks.renew_subscriptions", "schedule": 300.0},
    "remind-subscribers": {"task": "commerce.tasks.remind_subscribers", "schedule": crontab(minute=25)},
    "send-waiting-refunds": {"task": "commerce.tasks.send_waiting_refunds", "schedule": 60.0},
    "escalate-refunds": {"task": "commerce.tasks.escalate_refunds", "schedule": 300.0},
    "tend-bounties": {"task": "commerce.tasks.tend_bounties", "schedule": 60.0},
    "return-budgets": {"task": "commerce.tasks.return_budgets", "schedule": 60.0},
    "settle-pending-payments": {"task": "commerce.tasks.settle_pending_payments", "schedule": 60.0},
    "reconcile-payments": {"task": "commerce.tasks.reconcile_payments", "schedule": 3600.0},
    "checkpoint-ledger": {
        "task": "commerce.tasks.checkpoint_ledger",
        "schedule": crontab(hour=3, minute=25),
    },
}
