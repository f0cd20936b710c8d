"""Adapters that send: webhooks over HTTP, domain events over RabbitMQ or within the process."""
