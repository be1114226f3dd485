"""What moto's change sets lack: CloudFormation's error for one that is not there, outputs, previous parameters."""

from moto.cloudformation.exceptions import CloudFormationError
from moto.cloudformation.models import ChangeSet, CloudFormationBackend
from moto.cloudformation.parsing import ResourceMap
from moto.ssm.models import ssm_backends


class ChangeSetNotFound(CloudFormationError):
    code = "ChangeSetNotFound"


def install():
    describe, delete = CloudFormationBackend.describe_change_set, CloudFormationBackend.delete_change_set

    def is_known(self, name):
        return name in self.change_sets or any(known.change_set_name == name for known in self.change_sets.values())

    def describe_change_set(self, change_set_name):
        if not is_known(self, change_set_name):
            raise ChangeSetNotFound(f"ChangeSet [{change_set_name}] does not exist")
        return describe(self, change_set_name)

    def delete_change_set(self, change_set_name):
        if is_known(self, change_set_name):
            delete(self, change_set_name)

    apply = ChangeSet.apply

    def apply_with_outputs(self):
        apply(self)
        self.stack.template = self.template
        self.stack._parse_template()
        self.stack.output_map = self.stack._create_output_map()

    parse_ssm_parameter = ResourceMap.parse_ssm_parameter

    def parse_new_ssm_parameter(self, value, value_type):
        """An update hands over what a parameter's name was resolved to, in place of the name."""
        is_name = ssm_backends[self._account_id][self._region_name].get_parameter(value) is not None
        return parse_ssm_parameter(self, value, value_type) if is_name else value

    ChangeSet.apply = apply_with_outputs
    ResourceMap.parse_ssm_parameter = parse_new_ssm_parameter
    CloudFormationBackend.describe_change_set = describe_change_set
    CloudFormationBackend.delete_change_set = delete_change_set
