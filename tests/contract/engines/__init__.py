"""The engines that judge values by JSON Schema."""
