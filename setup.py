"""The flows live at the top of the repository, where Prefect looks for entry points; they install as `samaran.flows`."""

from setuptools import find_packages, setup

setup(packages=[*find_packages("src"), "samaran.flows"])
