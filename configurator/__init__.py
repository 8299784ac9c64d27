"""Decisions: pure functions over plain values. Imports catalog.terms and catalog.parameters only."""
