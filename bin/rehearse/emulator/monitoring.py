"""What watches the deployment: alarms, and what they tell."""

import json

from resource_types import client, resource_type, without


@resource_type("AWS::CloudWatch::Alarm")
class Alarm:
    def create(name, properties):
        alarm = properties.get("AlarmName", name)
        Alarm.update(alarm, properties)
        arn = client("cloudwatch").describe_alarms(AlarmNames=[alarm])["MetricAlarms"][0]["AlarmArn"]
        return alarm, {"Arn": arn}

    def update(ref, properties):
        client("cloudwatch").put_metric_alarm(**{**properties, "AlarmName": ref})

    def delete(ref, properties):
        client("cloudwatch").delete_alarms(AlarmNames=[ref])


@resource_type("AWS::CloudWatch::CompositeAlarm")
class CompositeAlarm:
    def create(name, properties):
        alarm = properties.get("AlarmName", name)
        client("cloudwatch").put_composite_alarm(**{**properties, "AlarmName": alarm})
        return alarm, {}

    def delete(ref, properties):
        client("cloudwatch").delete_alarms(AlarmNames=[ref])


@resource_type("AWS::CloudWatch::Dashboard")
class Dashboard:
    def create(name, properties):
        dashboard = properties.get("DashboardName", name)
        Dashboard.update(dashboard, properties)
        return dashboard, {}

    def update(ref, properties):
        # CloudWatch wants JSON, and the emulator asks for none.
        json.loads(properties["DashboardBody"])
        client("cloudwatch").put_dashboard(DashboardName=ref, DashboardBody=properties["DashboardBody"])

    def delete(ref, properties):
        client("cloudwatch").delete_dashboards(DashboardNames=[ref])


@resource_type("AWS::Logs::MetricFilter")
class MetricFilter:
    def create(name, properties):
        filter_name = properties.get("FilterName", name)
        client("logs").put_metric_filter(
            logGroupName=properties["LogGroupName"],
            filterName=filter_name,
            filterPattern=properties["FilterPattern"],
            metricTransformations=[
                {key[0].lower() + key[1:]: value for key, value in transformation.items() if key != "Dimensions"}
                for transformation in properties["MetricTransformations"]
            ],
        )
        return filter_name, {}

    def delete(ref, properties):
        client("logs").delete_metric_filter(logGroupName=properties["LogGroupName"], filterName=ref)


@resource_type("AWS::SNS::Topic")
class Topic:
    def create(name, properties):
        settings = without(properties, "TopicName", "Subscription", "Tags")
        attributes = {key: text_of(value) for key, value in settings.items()}
        topic = properties.get("TopicName", name)
        arn = client("sns").create_topic(Name=topic, Attributes=attributes)["TopicArn"]
        return arn, {"TopicArn": arn, "TopicName": topic}

    def delete(ref, properties):
        client("sns").delete_topic(TopicArn=ref)


@resource_type("AWS::SNS::TopicPolicy")
class TopicPolicy:
    def create(name, properties):
        TopicPolicy.update(name, properties)
        return name, {}

    def update(ref, properties):
        document = json.dumps(properties["PolicyDocument"], default=str)
        for topic in properties["Topics"]:
            client("sns").set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=document)


@resource_type("AWS::SNS::Subscription")
class Subscription:
    def create(name, properties):
        attributes = without(properties, "TopicArn", "Protocol", "Endpoint", "Region")
        return client("sns").subscribe(
            TopicArn=properties["TopicArn"],
            Protocol=properties["Protocol"],
            Endpoint=properties["Endpoint"],
            Attributes={key: text_of(value) for key, value in attributes.items()},
            ReturnSubscriptionArn=True,
        )["SubscriptionArn"], {}

    def delete(ref, properties):
        client("sns").unsubscribe(SubscriptionArn=ref)


@resource_type("AWS::SQS::Queue")
class Queue:
    def create(name, properties):
        queue = properties.get("QueueName", name)
        attributes = {key: text_of(value) for key, value in without(properties, "QueueName", "Tags").items()}
        url = client("sqs").create_queue(QueueName=queue, Attributes=attributes)["QueueUrl"]
        made = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
        return url, {"Arn": made["QueueArn"], "QueueName": queue, "QueueUrl": url}

    def delete(ref, properties):
        client("sqs").delete_queue(QueueUrl=ref)


@resource_type("AWS::SQS::QueuePolicy")
class QueuePolicy:
    def create(name, properties):
        QueuePolicy.update(name, properties)
        return name, {}

    def update(ref, properties):
        document = json.dumps(properties["PolicyDocument"], default=str)
        for queue in properties["Queues"]:
            client("sqs").set_queue_attributes(QueueUrl=queue, Attributes={"Policy": document})


def text_of(value):
    """As attributes of topics and queues are sent."""
    return json.dumps(value) if isinstance(value, (dict, bool)) else str(value)
