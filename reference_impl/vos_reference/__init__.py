"""The services under play: domain, application, edges (REST, SOAP), the WSRM queue and their adapters."""
