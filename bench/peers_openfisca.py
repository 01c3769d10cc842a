"""OpenFisca-core plays the rule: `python -m bench.peers_openfisca FOLDER`, by bench/peers.py.

OpenFisca-core is licensed under the AGPL, our code under the EUPL. It is run beside us and
measured: no file of the package or of its tests imports it, and this one is not in the package.
"""

from openfisca_core import (  # type: ignore[import-not-found]
    entities,
    periods,
    simulations,
    taxbenefitsystems,
    variables,
)

from bench import peer

if __name__ == "__main__":
    peer.serve(peer.Engine(entities, periods, simulations, taxbenefitsystems, variables))
