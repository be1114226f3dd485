"""The order in which CloudFormation works: what is needed first, then what needs it; what is gone is deleted last.

moto deletes first, and goes by DependsOn alone.
"""

import contextlib

from moto.cloudformation import parsing
from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.parsing import ResourceMap


def names_in(value):
    """What a part of a template refers to."""
    if isinstance(value, list):
        for item in value:
            yield from names_in(item)
    if not isinstance(value, dict):
        return
    for name, item in value.items():
        if name == "Ref":
            yield item
        elif name == "Fn::GetAtt":
            yield item[0] if isinstance(item, list) else item.split(".")[0]
        elif name == "DependsOn":
            yield from [item] if isinstance(item, str) else item
        else:
            yield from names_in(item)


def in_order(resources):
    """Names of resources, each after those that it needs."""
    done = {}

    def visit(name):
        if name in done or name not in resources:
            return
        done[name] = None
        for needed in names_in(resources[name]):
            visit(needed)
        done.pop(name)
        done[name] = None

    for name in resources:
        visit(name)
    return list(done)


@contextlib.contextmanager
def failing_as(name):
    """Has the CLI show what failed, and give up: moto would answer with a page that the CLI can't read, and repeats."""
    try:
        yield
    except ValidationError:
        raise
    except Exception as error:
        raise ValidationError(message=f"{name} failed: {type(error).__name__}: {error}") from error


def is_kept(resource):
    return resource.get("DeletionPolicy") in ("Retain", "RetainExceptOnCreate")


def delete_resources(self, resources):
    for name in reversed(in_order(self._resource_json_map)):
        made = self._parsed_resources.get(name)
        if name not in resources or made is None:
            continue
        if not is_kept(resources[name]):
            with failing_as(name):
                self._delete_resource(made, resources[name])
        del self._parsed_resources[name]


def update(self, template, parameters=None):
    old, new = self._resource_json_map, template["Resources"]
    changed = {name for name in new if name in old and new[name] != old[name]}
    self._template = template
    if parameters:
        self.input_parameters = parameters
    self.load_mapping()
    self.load_parameters()
    self.load_conditions()
    self._resource_json_map = {**old, **new}
    for name in in_order(new):
        with failing_as(name):
            if name in changed:
                self._parsed_resources[name] = parsing.parse_and_update_resource(
                    name, new[name], self, account_id=self._account_id, region_name=self._region_name
                )
            else:
                self[name]
    delete_resources(self, {name: resource for name, resource in old.items() if name not in new})
    self._resource_json_map = new


def create(self, template):
    self._template = template
    self._resource_json_map = template["Resources"]
    for name in in_order(self._resource_json_map):
        with failing_as(name):
            self[name]
    return True


def delete(self):
    delete_resources(self, self._resource_json_map)


def install():
    ResourceMap.create = create
    ResourceMap.update = update
    ResourceMap.delete = delete
