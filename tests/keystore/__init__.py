"""Tests of the keystore and its rotation."""
