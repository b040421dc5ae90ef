"""What a Python service does with AWS AppConfig, on boto3; prints what it saw as JSON."""

import json
import sys
import urllib.request

import boto3
from botocore.config import Config

url = sys.argv[1]
client = boto3.client(
    "appconfigdata",
    endpoint_url=url,
    region_name="us-east-1",
    aws_access_key_id="any",
    aws_secret_access_key="any",
    # The service is to refuse what is wrong, not the client before it.
    config=Config(parameter_validation=False, retries={"max_attempts": 1}),
)


def control(action, **body):
    request = urllib.request.Request(
        f"{url}/control/{action}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    urllib.request.urlopen(request).close()


def start(profile="flags", **more):
    return client.start_configuration_session(
        ApplicationIdentifier="shop",
        EnvironmentIdentifier="production",
        ConfigurationProfileIdentifier=profile,
        **more,
    )["InitialConfigurationToken"]


def poll():
    global token
    control("advance", ms=1000)
    answer = client.get_latest_configuration(ConfigurationToken=token)
    token = answer["NextPollConfigurationToken"]
    return {
        "configuration": answer["Configuration"].read().decode(),
        "contentType": answer["ContentType"],
        "interval": answer["NextPollIntervalInSeconds"],
    }


def error_of(call):
    try:
        call()
    except client.exceptions.ClientError as error:
        return {
            "type": type(error).__name__,
            **{key: error.response.get(key) for key in ("Reason", "Details", "ResourceType")},
        }
    return None


seen = {}
token = start()
seen["polls"] = [poll(), poll(), poll()]
control(
    "deploy",
    application="shop",
    environment="production",
    profile="flags",
    content='{"dark-mode":{"enabled":false}}',
)
seen["changed"] = poll()
control("expire-sessions")
seen["expired"] = error_of(poll)
seen["unknown"] = error_of(lambda: start("unknown"))
seen["badInterval"] = error_of(lambda: start(RequiredMinimumPollIntervalInSeconds=14))
print(json.dumps(seen))
