"""A platform team's own program, with a dashboard of all reviews and an alarm for each repository without one."""

from typing import Any

import pulumi
from conviso_codebuild.reader import ConvisoStack
from pulumi_aws import cloudwatch, get_region

# An alarm looks back seven days at most:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
MOST_DAYS = 7
DAY = 24 * 60 * 60

config = pulumi.Config()
repositories: list[str] = config.require_object("repositories")
quiet_days = config.require_int("quietDays")
if not 1 <= quiet_days <= MOST_DAYS:
    raise pulumi.RunError(f"quietDays must be 1 to {MOST_DAYS}: a CloudWatch alarm looks back no further")

reviews = ConvisoStack(config.require("reviewStack"))
projects = {name: reviews.integration(name).project_name for name in repositories}


def widget(title: str, metric: str, names: dict[str, str], region: str) -> dict[str, Any]:
    """A graph of one metric, with a line for each repository."""
    lines = [["AWS/CodeBuild", metric, "ProjectName", project, {"label": name}] for name, project in names.items()]
    properties = {
        "title": title,
        "metrics": lines,
        "stat": "Sum",
        "period": DAY,
        "region": region,
        "view": "timeSeries",
    }
    return {"type": "metric", "width": 24, "height": 6, "properties": properties}


def dashboard_body(names: dict[str, str], region: str) -> dict[str, Any]:
    """The dashboard: successful and failed reviews for each day."""
    return {
        "widgets": [
            widget("Successful reviews", "SucceededBuilds", names, region),
            widget("Failed reviews", "FailedBuilds", names, region),
        ]
    }


region = get_region().region
dashboard = cloudwatch.Dashboard(
    "reviews",
    dashboard_name="conviso-reviews",
    dashboard_body=pulumi.Output.json_dumps(
        pulumi.Output.all(**projects).apply(lambda names: dashboard_body(names, region))
    ),
)

for name, project in projects.items():
    cloudwatch.MetricAlarm(
        f"{name}-not-reviewed",
        alarm_description=f"No review of {name} succeeded for {quiet_days} days.",
        namespace="AWS/CodeBuild",
        metric_name="SucceededBuilds",
        dimensions={"ProjectName": project},
        statistic="Sum",
        period=DAY,
        evaluation_periods=quiet_days,
        comparison_operator="LessThanThreshold",
        threshold=1,
        # CodeBuild reports this metric when a build ends, and nothing on a day without builds.
        treat_missing_data="breaching",
        alarm_actions=[config.require("topicArn")],
    )

pulumi.export("dashboard", dashboard.dashboard_name)
pulumi.export("watched", projects)
