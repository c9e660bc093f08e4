"""How fast the main job is beside the usual way: ``python -m tests.benchmarks`` (by hand; needs ``.[bench]``)."""
