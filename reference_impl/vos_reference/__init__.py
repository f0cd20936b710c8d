"""The reference implementation: domain, application, edges (REST, SOAP, control API), background tasks and adapters."""
