"""What a client is told that it may do is what the routes ask for."""

from koinonia.auth import permission_list
from koinonia.common.identity import Role, permissions
from koinonia.common.web.route_permissions import KEY
from koinonia.devkit.layout import SERVICES, program


def taken() -> set[str]:
    """The permissions of all operations of all services."""
    documents = [program(name).create_app().openapi() for name in SERVICES]
    return {
        operation[KEY]
        for document in documents
        for item in document["paths"].values()
        for operation in item.values()
        if isinstance(operation, dict) and KEY in operation
    }


def test_the_list_of_permissions_is_that_of_the_routes() -> None:
    known = {str(each) for each in permission_list.Permission}
    missing, unused = taken() - known, known - taken() - set(permission_list.WITHIN)
    assert not missing, f"Add to Permission in auth/permission_list.py: {sorted(missing)}"
    assert not unused, f"No operation takes these, remove them: {sorted(unused)}"


def test_each_role_has_what_the_roles_below_it_have_and_something_more() -> None:
    lists = [set(permission_list.granted(role)) for role in (Role.VIEWER, Role.STAFF, Role.ADMIN)]
    assert lists[0] < lists[1] < lists[2] <= set(permission_list.granted(Role.OWNER))
    assert {permissions.lowest_role(each) for each in lists[0]} == {Role.VIEWER}
