"""Flows and config templates live at the top of the repository and install as `samaran.flows` and `samaran.config`."""

from setuptools import find_packages, setup

setup(packages=[*find_packages("src"), "samaran.flows", "samaran.config"])
