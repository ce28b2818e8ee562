"""Bounties: posted and paid, answered, awarded or ended, and their money sent back."""
