"""Adapters that send: webhooks over HTTP, domain events to RabbitMQ or to a broker in this process."""
