"""What is sold, at what price, under which dated law. Imports nothing of configurator or portal."""
