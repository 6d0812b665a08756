"""What tests share: servers, documents, values to try, and runs of pytest inside tests."""
