using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

using MLNetCnn.Inference.Tests;

namespace MLNetCnn.Serving.Tests;

public partial class OperationTests
{
    [Fact]
    public async Task A_model_that_cannot_be_loaded_is_not_ready_says_no_path_and_keeps_none_from_answering()
    {
        await using var service = await Service.StartAsync(more: (builder, folder) =>
        {
            File.WriteAllText(folder["damaged.zip"], "no zip");
            builder.FromFile(folder["damaged.zip"]);
        });
        await service.AnswerAsync(Service.Content(TestModel.Cases[0].Png));
        await Service.RefusedAsync(await service.PredictAsync(Service.Content(TestModel.Cases[0].Png), model: "damaged"), HttpStatusCode.ServiceUnavailable, "could not be loaded");
        foreach (var path in new[] { "health", "health/ready" })
        {
            using var ready = await service.Client.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            Assert.Equal("""{"status":"Unhealthy","problems":{"models":"'damaged' could not be loaded"}}""", await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync("health/live", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal("""{"name":"damaged","ready":false}""", await service.Client.GetStringAsync("v1/models/damaged", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_replaced_file_answers_under_its_new_version_and_a_damaged_one_degrades_the_health_alone()
    {
        await using var service = await Service.StartAsync();
        var image = TestModel.Cases[0];
        var before = await service.AnswerAsync(Service.Content(image.Png));
        (TestModel.Package with { Metadata = TestModel.Metadata with { Labels = ["A", "B", "C", "D", "E"] } }).Save(service.ModelFile);
        JsonObject after;
        do
        {
            after = await service.AnswerAsync(Service.Content(image.Png));
            var isNew = (string)after["version"]! != (string)before["version"]!;
            var labels = ((JsonArray)after["predictions"]![0]!["top"]!).Select(entry => (string)entry!["label"]!);
            Assert.Equal((isNew ? ["A", "B", "C", "D", "E"] : TestModel.Labels).Order(StringComparer.Ordinal), labels.Order(StringComparer.Ordinal));
        }
        while ((string)after["version"]! == (string)before["version"]!);

        await File.WriteAllTextAsync(service.ModelFile, "no zip", TestContext.Current.CancellationToken);
        string health;
        do
        {
            health = await service.Client.GetStringAsync("health/ready", TestContext.Current.CancellationToken);
        }
        while (health.Contains("Healthy", StringComparison.Ordinal));
        Assert.Contains("Degraded", health, StringComparison.Ordinal);
        Assert.Contains($"version {after["version"]} goes on answering", health, StringComparison.Ordinal);
        Assert.Equal((string)after["version"]!, (string)(await service.AnswerAsync(Service.Content(image.Png)))["version"]!);
    }

    [Fact]
    public async Task Metrics_are_Prometheus_text_with_the_counts_of_what_was_asked()
    {
        await using var service = await Service.StartAsync();
        await service.AnswerAsync(Service.Content(TestModel.Cases[0].Png));
        await service.PredictAsync(Service.Content(TestModel.Cases[0].Png), model: "TINY");
        await service.PredictAsync(Service.Content([1, 2, 3]));
        await service.PredictAsync(Service.Content([1]), model: "made-up\"by}a client");
        using var response = await service.Client.GetAsync("metrics", TestContext.Current.CancellationToken);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.All(text.TrimEnd('\n').Split('\n'), line => Assert.Matches(MetricLine(), line));
        foreach (var line in new[]
        {
            "mlnetcnn_requests_total{model=\"tiny\",status=\"200\"} 2",
            "mlnetcnn_requests_total{model=\"tiny\",status=\"422\"} 1",
            "mlnetcnn_requests_total{model=\"\",status=\"404\"} 1",
            "mlnetcnn_images_total{model=\"tiny\",outcome=\"predicted\"} 2",
            "mlnetcnn_request_duration_seconds_count{model=\"tiny\"} 3",
            "mlnetcnn_request_duration_seconds_bucket{model=\"tiny\",le=\"+Inf\"} 3",
            "mlnetcnn_model_ready{model=\"tiny\"} 1",
            "# TYPE mlnetcnn_request_duration_seconds histogram",
            "# TYPE mlnetcnn_requests_total counter",
            "# TYPE mlnetcnn_queue_waiting gauge",
        })
        {
            Assert.Contains(line + "\n", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_OpenAPI_document_describes_the_forms_of_a_request_and_every_refusal()
    {
        await using var service = await Service.StartAsync();
        var document = JsonNode.Parse(await service.Client.GetStringAsync("openapi/v1.json", TestContext.Current.CancellationToken))!;
        Assert.StartsWith("3.", (string)document["openapi"]!, StringComparison.Ordinal);
        Assert.Equal(["/v1/models", "/v1/models/{name}", "/v1/models/{name}/predict"], ((JsonObject)document["paths"]!).Select(path => path.Key));
        var predict = document["paths"]!["/v1/models/{name}/predict"]!["post"]!;
        Assert.Equal(["application/json", "application/octet-stream", "image/*", "multipart/form-data"], ((JsonObject)predict["requestBody"]!["content"]!).Select(type => type.Key).Order(StringComparer.Ordinal));
        Assert.Equal(["200", "400", "401", "404", "408", "413", "415", "422", "429", "503"], ((JsonObject)predict["responses"]!).Select(answer => answer.Key).Order(StringComparer.Ordinal));
        Assert.Equal(["200", "401"], Answers("/v1/models"));
        Assert.Equal(["200", "401", "404"], Answers("/v1/models/{name}"));
        var schema = document["components"]!["schemas"]!["PredictAnswer"]!["properties"]!.AsObject();
        Assert.Equal(["model", "version", "predictions"], schema.Select(member => member.Key));
        var answers = document["components"]!["schemas"]!["ImageAnswer"]!;
        Assert.Equal(["name"], answers["required"]!.AsArray().Select(member => (string)member!));
        Assert.DoesNotContain("string", answers["properties"]!["probability"]!["type"]!.AsArray().Select(type => (string)type!));
        Assert.Equal(["", "ApiKey"], predict["security"]!.AsArray().Select(way => way!.AsObject().Select(scheme => scheme.Key).SingleOrDefault("")));
        Assert.Equal("integer", (string)predict["parameters"]!.AsArray().Single(parameter => (string)parameter!["name"]! == "top")!["schema"]!["type"]!);

        IEnumerable<string> Answers(string path) => ((JsonObject)document["paths"]![path]!["get"]!["responses"]!).Select(answer => answer.Key).Order(StringComparer.Ordinal);
    }

    [GeneratedRegex("""^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?[0-9.eE+-]+)$""")]
    private static partial Regex MetricLine();
}
