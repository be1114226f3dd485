"""Resource types that moto's CloudFormation does not know, or makes less of than the template says.

They are made by calls of the emulated services' own APIs, so that the AWS SDK checks every name and value of the
template that it passes on.
"""

import os

import boto3
from moto.cloudformation import parsing

definitions = {}
# What moto would make, but not here: records want the hosted zone that somebody has made before.
left_out = ["AWS::Route53::RecordSet"]


def client(service):
    return boto3.client(service, region_name=os.environ["AWS_REGION"], endpoint_url=os.environ["AWS_ENDPOINT_URL"])


def resource_type(name):
    """Registers a class with `create(name, properties)`, which returns Ref and attributes, `update` and `delete`.

    `update(ref, properties)` and `delete(ref, properties)` are optional: a type that can't be updated fails, one that
    can't be deleted goes with another resource.
    """

    def register(definition):
        definitions[name] = definition
        return definition

    return register


def required(properties, *names):
    return {name: properties[name] for name in names}


def without(properties, *names):
    return {name: value for name, value in properties.items() if name not in names}


def lower_first(properties):
    """As APIs whose parameters begin with a small letter want them."""
    return {name[0].lower() + name[1:]: value for name, value in properties.items()}


def model_of(type_name, definition):
    class Model:
        def __init__(self, properties, ref, attributes):
            self.properties = properties
            self.physical_resource_id = ref
            self.attributes = attributes

        def is_created(self):
            return True

        def get_cfn_attribute(self, name):
            return self.attributes[name]

        def delete(self, account_id, region_name):
            if hasattr(definition, "delete"):
                definition.delete(self.physical_resource_id, self.properties)

        @classmethod
        def has_cfn_attr(cls, name):
            return True

        @classmethod
        def create_from_cloudformation_json(cls, resource_name, cloudformation_json, *_, **__):
            properties = cloudformation_json["Properties"]
            return cls(properties, *definition.create(resource_name, properties))

        @classmethod
        def update_from_cloudformation_json(cls, original_resource, cloudformation_json, **_):
            if not hasattr(definition, "update"):
                raise NotImplementedError(f"the emulator updates no {type_name}")
            properties = cloudformation_json["Properties"]
            definition.update(original_resource.physical_resource_id, properties)
            return cls(properties, original_resource.physical_resource_id, original_resource.attributes)

    return Model


def install():
    models = parsing.get_model_map()
    for type_name, definition in definitions.items():
        models[type_name] = model_of(type_name, definition)
    for type_name in left_out:
        models.pop(type_name, None)
