"""What moto's change sets lack: CloudFormation's error for one that is not there, and the stack's outputs."""

from moto.cloudformation.exceptions import CloudFormationError
from moto.cloudformation.models import ChangeSet, CloudFormationBackend


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

    ChangeSet.apply = apply_with_outputs
    CloudFormationBackend.describe_change_set = describe_change_set
    CloudFormationBackend.delete_change_set = delete_change_set
