"""Run inside a private D-Bus session with an unlocked GNOME keyring: a vault's life with a real device secret."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

import keyring

from advocate_desk.clock import SystemClock
from advocate_desk.errors import Unavailable
from advocate_desk.vault.change import set_passphrase
from advocate_desk.vault.keyring import SERVICE, find_keyring
from advocate_desk.vault.new_key import make_new_key
from advocate_desk.vault.recovery import RecoveryCode
from advocate_desk.vault.vault import open_vault, open_with_recovery
from tests.unit.vault.vaults import CHEAP, OTHER_PASSPHRASE, PASSPHRASE, a_vault

folder, clock = Path(sys.argv[1]), SystemClock()
ring = find_keyring().keyring
assert ring is not None
print("found")
key, code = a_vault(folder, clock, ring)
opened = open_vault(folder, PASSPHRASE, keyring=ring, clock=clock, cost=CHEAP)
assert bytes(opened.db_key.buffer) == key
print("opened")
keyring.delete_password(SERVICE, str(opened.vault_id))
try:
    open_vault(folder, PASSPHRASE, keyring=ring, clock=clock, cost=CHEAP)
except Unavailable:
    print("refused-without")
recovered = open_with_recovery(folder, RecoveryCode.parse(code), clock=clock)
assert bytes(recovered.db_key.buffer) == key
print("recovered")
set_passphrase(recovered, OTHER_PASSPHRASE, keyring=ring, cost=CHEAP)
open_vault(folder, OTHER_PASSPHRASE, keyring=ring, clock=clock, cost=CHEAP).close()
print("moved")
vault = open_vault(folder, OTHER_PASSPHRASE, keyring=ring, clock=clock, cost=CHEAP)
new = make_new_key(vault, OTHER_PASSPHRASE, PASSPHRASE, keyring=ring, clock=clock, cost=CHEAP)
new.commit()
again = open_vault(folder, PASSPHRASE, keyring=ring, clock=clock, cost=CHEAP)
assert again.db_key == new.db_key
assert again.db_key != vault.db_key
print("new-key")
