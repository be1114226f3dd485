"""Custom resources as CloudFormation has them: the function's answer is awaited, and a failure fails the deployment.

moto goes on without waiting, and calls functions for the creation only.
"""

import uuid

from moto.awslambda.utils import get_backend
from moto.cloudformation.custom_model import CustomModel


def install(runner, answered, say):
    """Functions of the types in `answered` are not run: they would call what is not on this machine."""

    def call(account, region, request_type, what, old=None):
        if what["ResourceType"] in answered:
            say(answered=what["ResourceType"], logicalId=what["LogicalResourceId"], requestType=request_type)
            return {"PhysicalResourceId": f"{what['LogicalResourceId']}-not-run"}
        event = {"RequestType": request_type, "RequestId": str(uuid.uuid4()), **what}
        if old is not None:
            event["PhysicalResourceId"] = old.physical_resource_id
            event["OldResourceProperties"] = old.what["ResourceProperties"]
        function = get_backend(account, region).get_function(what["ServiceToken"])
        answer = runner.answer_of(function, event)
        if answer["Status"] != "SUCCESS":
            raise RuntimeError(f"{what['LogicalResourceId']}: {answer.get('Reason')}")
        say(ran=what["ResourceType"], logicalId=what["LogicalResourceId"], requestType=request_type)
        return answer

    def finished(region, what, answer):
        resource = CustomModel(region, "", what["LogicalResourceId"], answer["PhysicalResourceId"])
        resource.set_data(answer.get("Data") or {})
        resource.what = what
        return resource

    def create(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        properties = cloudformation_json["Properties"]
        what = {
            "ServiceToken": properties["ServiceToken"],
            "StackId": kwargs["StackId"],
            "LogicalResourceId": kwargs["LogicalId"],
            "ResourceType": kwargs["ResourceType"],
            "ResourceProperties": properties,
        }
        return finished(region_name, what, call(account_id, region_name, "Create", what))

    def update(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
        what = {**original_resource.what, "ResourceProperties": cloudformation_json["Properties"]}
        answer = call(account_id, region_name, "Update", what, original_resource)
        return finished(region_name, what, answer)

    def delete(self, account_id, region_name):
        call(account_id, region_name, "Delete", self.what, self)

    CustomModel.create_from_cloudformation_json = classmethod(create)
    CustomModel.update_from_cloudformation_json = classmethod(update)
    CustomModel.delete = delete
