"""Every change to what an account holds. One file per subject; the rules themselves are in `book`."""

from seatledger.domain.licences.actions.batches import Batch, RefusedUser, add_users
from seatledger.domain.licences.actions.catalogue import apply_catalogue
from seatledger.domain.licences.actions.devices import add_device, edit_device, remove_devices
from seatledger.domain.licences.actions.endings import AccessEnded, LicencesEnded, note_endings
from seatledger.domain.licences.actions.history import (
    HistoryImported,
    HistoryRefused,
    Progress,
    import_history,
)
from seatledger.domain.licences.actions.opening import NewAccount, NewPool, open_account, open_pools
from seatledger.domain.licences.actions.people import (
    NewUser,
    activate_users,
    add_user,
    change_roles,
    change_user,
    deactivate_users,
    delete_users,
    remove_everybody,
)
from seatledger.domain.licences.actions.pools import (
    PoolEdit,
    change_expiry,
    change_terms,
    change_total,
    change_totals,
    edit_pool,
    end_pools,
)
from seatledger.domain.licences.actions.requests import (
    RequestAnswered,
    answer_request,
    reopen_request,
    request_licences,
)
from seatledger.domain.licences.actions.roles import RoleDetails, add_role, change_role, change_role_licences
from seatledger.domain.licences.actions.seats import (
    assign_licence,
    assign_licences,
    change_level,
    move_licence,
    release_licences,
)
from seatledger.domain.licences.actions.sync import (
    SyncRefused,
    SyncResult,
    sync_licences,
    sync_list,
)

__all__ = [
    "AccessEnded",
    "Batch",
    "HistoryImported",
    "HistoryRefused",
    "LicencesEnded",
    "NewAccount",
    "NewPool",
    "NewUser",
    "PoolEdit",
    "Progress",
    "RefusedUser",
    "RequestAnswered",
    "RoleDetails",
    "SyncRefused",
    "SyncResult",
    "activate_users",
    "add_device",
    "add_role",
    "add_user",
    "add_users",
    "answer_request",
    "apply_catalogue",
    "assign_licence",
    "assign_licences",
    "change_expiry",
    "change_level",
    "change_role",
    "change_role_licences",
    "change_roles",
    "change_terms",
    "change_total",
    "change_totals",
    "change_user",
    "deactivate_users",
    "delete_users",
    "edit_device",
    "edit_pool",
    "end_pools",
    "import_history",
    "move_licence",
    "note_endings",
    "open_account",
    "open_pools",
    "release_licences",
    "remove_devices",
    "remove_everybody",
    "reopen_request",
    "request_licences",
    "sync_licences",
    "sync_list",
]
