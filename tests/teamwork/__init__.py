"""Tests of teamwork."""
