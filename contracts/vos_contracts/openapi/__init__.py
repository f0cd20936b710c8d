"""The OpenAPI and AsyncAPI documents of the services."""
