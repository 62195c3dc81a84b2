using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

using MLNetCnn.Imaging;
using MLNetCnn.Inference.Pooling;
using MLNetCnn.Inference.Tests;
using MLNetCnn.Testing;

namespace MLNetCnn.Serving.Tests;

/// <summary>A service of the test model <c>tiny</c> on a port of its own, as an application has it in two lines.</summary>
public sealed class Service : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly WebApplication _app;

    private Service(TemporaryFolder folder, WebApplication app)
    {
        _folder = folder;
        _app = app;
        Address = new Uri(app.Urls.Single());
        Client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(5) };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public string ModelFile => _folder["tiny.zip"];

    public ImageModelPool Pool => _app.Services.GetRequiredService<ImageModelPool>();

    public static async Task<Service> StartAsync(Action<ImageClassificationOptions>? configure = null, Action<ImageClassificationBuilder, TemporaryFolder>? more = null)
    {
        var folder = new TemporaryFolder();
        TestModel.Package.Save(folder["tiny.zip"]);
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var service = builder.Services.AddImageClassification().FromFile(folder["tiny.zip"]).Configure(configure ?? (_ => { }));
        more?.Invoke(service, folder);
        var app = builder.Build();
        try
        {
            app.MapImageClassification("/v1/models");
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            folder.Dispose();
            throw;
        }

        await app.Services.GetRequiredService<ImageModelPool>().LoadAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new Service(folder, app);
    }

    public static ByteArrayContent Content(byte[] bytes, string? type = "image/png")
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        return content;
    }

    public Task<HttpResponseMessage> PredictAsync(HttpContent content, string query = "", string model = "tiny") =>
        Client.PostAsync($"v1/models/{model}/predict{query}", content, TestContext.Current.CancellationToken);

    public async Task<JsonObject> AnswerAsync(HttpContent content, string query = "")
    {
        using var response = await PredictAsync(content, query);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        return (JsonObject)JsonNode.Parse(text)!;
    }

    /// <summary>Asserts that the answer is a refusal as a client would want it: problem details with a clear sentence and nothing of the inside.</summary>
    public static async Task RefusedAsync(HttpResponseMessage response, HttpStatusCode status, params string[] words)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(status == response.StatusCode, $"{response.StatusCode}: {text}");
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            var problem = JsonNode.Parse(text)!;
            Assert.Equal((int)status, (int)problem["status"]!);
            Assert.All(words, word => Assert.Contains(word, problem.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }), StringComparison.Ordinal));
            Assert.All(["   at ", "Exception", "System.", "/tmp", ".zip", "onnx"], inside => Assert.DoesNotContain(inside, text, StringComparison.OrdinalIgnoreCase));
            var retry = response.Headers.RetryAfter is not null;
            Assert.Equal(status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable, retry);
            Assert.Equal(status is HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.RequestTimeout, response.Headers.ConnectionClose == true);
        }
    }

    /// <summary>Sends a request that keeps a worker until it is disposed: what comes after it waits, however fast the machine.</summary>
    public async Task<IDisposable> OccupyWorkerAsync()
    {
        var (started, released) = (new TaskCompletionSource(), new CancellationTokenSource());
        _ = _app.Services.GetRequiredService<PredictionQueue>().PredictAsync("tiny", [Wait]);
        await started.Task.WaitAsync(TestContext.Current.CancellationToken);
        return new Occupation(released);

        MLImage Wait(int channels)
        {
            started.SetResult();
            released.Token.WaitHandle.WaitOne();
            return TestModel.Cases[0].Image(0);
        }
    }

    public async Task StopAsync() => await _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private sealed class Occupation(CancellationTokenSource released) : IDisposable
    {
        public void Dispose() => released.Cancel();
    }
}
