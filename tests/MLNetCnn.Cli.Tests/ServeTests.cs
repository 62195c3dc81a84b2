using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MLNetCnn.Cli.Tests;

public sealed partial class ServeTests(CommandLine command) : IClassFixture<CommandLine>
{
    private const int Failure = 1;
    private const int UserMistake = 2;

    [Fact]
    public async Task A_trained_model_is_served_until_Ctrl_C_and_the_end_is_a_success()
    {
        Assert.Equal(0, command.Run("train", "fashion-mnist", "--arch", "lenet-5", "--epochs", "1", "--images-per-class", "20", "--output", "shop").ExitCode);
        var sample = (string)command.Json("data", "samples", "fashion-mnist", "--count", "1")["files"]![0]!;
        var serving = command.Start(
            ["serve", "shop/model.zip", "second=shop/model.zip", "--urls", "http://127.0.0.1:0", "--watch"],
            new Dictionary<string, string> { ["MLNETCNN_API_KEY"] = "open sesame" });
        serving.WaitFor("try     curl");
        var address = Address().Match(serving.SoFar).Value;
        Assert.Contains("serving model, second on http://127.0.0.1:", serving.SoFar, StringComparison.Ordinal);
        Assert.Contains("-H 'X-Api-Key: …'", serving.SoFar, StringComparison.Ordinal);

        using var client = new HttpClient { BaseAddress = new Uri(address) };
        using (var refused = await client.GetAsync("v1/models", TestContext.Current.CancellationToken))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        client.DefaultRequestHeaders.Add("X-Api-Key", "open sesame");
        using var image = new ByteArrayContent(await File.ReadAllBytesAsync(command[sample], TestContext.Current.CancellationToken)) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } };
        using var answer = await client.PostAsync("v1/models/second/predict", image, TestContext.Current.CancellationToken);
        var prediction = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["predictions"]![0]!;
        var expected = command.Json("predict", "shop/model.zip", sample)["predictions"]![0]!;
        Assert.Equal((string)expected["label"]!, (string)prediction["label"]!);
        Assert.Equal((double)expected["probability"]!, (double)prediction["probability"]!, 1e-5);
        Assert.Equal("application/problem+json", (await client.GetAsync("nowhere", TestContext.Current.CancellationToken)).Content.Headers.ContentType!.MediaType);

        serving.SendInterrupt();
        var end = serving.Finish();
        Assert.Equal(0, end.ExitCode);
        Assert.Contains("stopping: requests under way are answered first", end.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Mistakes_are_said_in_a_line_and_nothing_listens()
    {
        command.Run("serve", "missing.zip").Complains(UserMistake, "missing.zip: there is no such file");
        command.Write("damaged.zip", "no zip");
        command.Run("serve", "damaged.zip", "--urls", "http://127.0.0.1:0").Complains(Failure, "damaged.zip: not a readable .zip");
        command.Run("serve", "damaged.zip", "--urls", "nowhere").Complains(UserMistake, "--urls has 'nowhere'");
        command.Run("serve", "a b=damaged.zip", "x=damaged.zip", "X=damaged.zip").Complains(UserMistake, "called 'a b'", "two models are called");
        command.Run("serve", "damaged.zip", "--queue", "0").Complains(UserMistake, "--queue is '0'");
    }

    [GeneratedRegex("http://127\\.0\\.0\\.1:[0-9]+")]
    private static partial Regex Address();
}
