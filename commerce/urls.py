from django.urls import path

from commerce.views import (
    cart,
    checkout,
    downloads,
    financials,
    library,
    payments,
    payouts,
    reviews,
    sandbox,
    webhooks,
)

app_name = "commerce"

urlpatterns = [
    path("cart/", cart.show, name="cart"),
    path("cart/coupon/", cart.coupon, name="cart_coupon"),
    path("cart/items/<int:model_id>/", cart.item, name="cart_item"),
    path("cart/items/<int:model_id>/saved/", cart.saved_item, name="cart_item_saved"),
    path("model/<int:model_id>/get/", checkout.get_free, name="get_free"),
    path("checkout/", checkout.checkout, name="checkout"),
    path("checkout/pay/<uuid:order_id>/", checkout.pay, name="pay"),
    path("checkout/pay/<uuid:order_id>/cancel/", checkout.cancel, name="cancel_order"),
    path("payments/<uuid:payment_id>/", payments.pay, name="payment"),
    path("payments/<uuid:payment_id>/return/", payments.state, name="payment_state"),
    path("payments/<uuid:payment_id>/cancel/", payments.cancel, name="cancel_payment"),
    path("purchase/success/", checkout.success, name="success"),
    path("dashboard/purchases/", library.purchases, name="purchases"),
    path("dashboard/purchases/<uuid:purchase_id>/downloads/", downloads.make, name="make_download"),
    path("dashboard/purchases/<uuid:purchase_id>/review/", reviews.own_review, name="own_review"),
    path("model/<int:model_id>/reviews/", reviews.reviews, name="reviews"),
    path("model/<int:model_id>/reviews/<int:review_id>/", reviews.review, name="review"),
    path("model/<int:model_id>/reviews/<int:review_id>/helpful/", reviews.helpful, name="review_helpful"),
    path("model/<int:model_id>/reviews/<int:review_id>/answer/", reviews.answer, name="review_answer"),
    path("profile/<str:username>/reviews/", reviews.profile_reviews, name="profile_reviews"),
    path("dashboard/financials/", financials.overview, name="financials"),
    path("dashboard/financials/earnings.csv", financials.earnings_csv, name="earnings_csv"),
    path("dashboard/financials/transactions/", financials.transactions, name="transactions"),
    path("dashboard/financials/transactions.csv", financials.transactions_csv, name="transactions_csv"),
    path("dashboard/financials/statements/", financials.statements, name="statements"),
    path(
        "dashboard/financials/statements/<int:year>-<int:month>.csv", financials.statement, name="statement"
    ),
    path("dashboard/financials/payouts/", payouts.payouts, name="payouts"),
    path("dashboard/financials/payouts/<uuid:payout_id>/", payouts.payout, name="payout"),
    path("dashboard/financials/details/", payouts.details, name="payout_details"),
    path("downloads/<str:token>/", downloads.download, name="download"),
    path("downloads/<str:token>/files/<uuid:file_id>/", downloads.download_file, name="download_file"),
    path(
        "downloads/<str:token>/documents/<uuid:document_id>/",
        downloads.download_document,
        name="download_document",
    ),
    path("webhooks/<slug:provider>/", webhooks.receive, name="webhook"),
    path("sandbox/pay/<uuid:charge_id>/", sandbox.pay, name="sandbox_pay"),
    path("sandbox/charges/<uuid:charge_id>/", sandbox.charge, name="sandbox_charge"),
    path("sandbox/confirm/<uuid:charge_id>/", sandbox.confirm, name="sandbox_confirm"),
]
