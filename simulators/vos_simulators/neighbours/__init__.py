"""STAR's neighbour services: not the service under test, but what tells it of enrolment and sickness.

Each stands at its documented path, and each can be left out so that another implementation can take its place.
"""
