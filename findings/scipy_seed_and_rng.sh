#!/usr/bin/env bash
# SciPy: seed=7 and rng=7 draw two different designs, and one seed two designs in two releases.
#
# Guess: rng is the new name of seed, so the same number gives the same points, in this release and
#   in the next.
# What happens: rng=7 first makes a Generator of 7, and a sampler that is given a Generator draws from
#   a child of it; seed=7 draws from the Generator itself. So a design changes as the old word is
#   replaced. And MultivariateNormalQMC with seed=7 draws other points in 1.15 than in 1.14, while
#   LatinHypercube and Sobol draw the same.
# Why here: a sweep's points come from LatinHypercube or Sobol. A study that is taken up again under
#   another SciPy must not mix two designs.
# Source: scipy/scipy pull requests #18112 (children of a Generator) and #21931 (rng).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for scipy in 1.14.1 1.17.1; do
    "${PYTHON:-python3}" -m venv "$folder/$scipy"
    "$folder/$scipy/bin/python" -m pip install --quiet --no-compile --disable-pip-version-check \
        "scipy==$scipy" numpy==2.2.6
done
cat > "$folder/points.py" <<'END'
from importlib.metadata import version

import numpy as np
from scipy.stats import qmc


def first(sampler, **chosen):
    """The first point of a sampler."""
    return [round(float(share), 4) for share in sampler(**chosen).random(1)[0]]


def normal(**chosen):
    """Two independent normal numbers."""
    return qmc.MultivariateNormalQMC([0.0, 0.0], **chosen)


def cube(**chosen):
    """A Latin hypercube of two dimensions."""
    return qmc.LatinHypercube(2, **chosen)


print("scipy", version("scipy"))
points = {"cube, seed=7": first(cube, seed=7), "normal, seed=7": first(normal, seed=7)}
if version("scipy") > "1.15":
    points["cube, rng=7"] = first(cube, rng=7)
    points["cube, seed=Generator of 7"] = first(cube, seed=np.random.default_rng(7))
for name, point in points.items():
    print(f"  {name}: {point}")

of_normal = {"1.14.1": [0.2, 0.6442], "1.17.1": [0.3865, 1.3872]}
assert points["cube, seed=7"] == [0.3749, 0.1028]
assert points["normal, seed=7"] == of_normal[version("scipy")]
assert points.get("cube, rng=7") == points.get("cube, seed=Generator of 7") != points["cube, seed=7"]
END
"$folder/1.14.1/bin/python" "$folder/points.py"
"$folder/1.17.1/bin/python" "$folder/points.py"
