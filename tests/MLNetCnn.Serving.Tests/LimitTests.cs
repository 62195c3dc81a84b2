using System.Net;
using System.Net.Sockets;
using System.Text;

using Microsoft.Extensions.Options;

using MLNetCnn.Inference.Pooling;
using MLNetCnn.Inference.Tests;

namespace MLNetCnn.Serving.Tests;

public class LimitTests
{
    // A busy machine is no reason to fail.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly byte[] Png = TestModel.Cases[0].Png;

    [Fact]
    public async Task Bodies_batches_and_pixels_beyond_the_limits_are_refused()
    {
        await using var service = await Service.StartAsync(options =>
        {
            (options.MaxBodyBytes, options.MaxBufferedBytes, options.MaxBatch, options.MaxPixels) = (10_000, 20_000, 2, 1050);
        });
        await Service.RefusedAsync(await service.PredictAsync(Service.Content(new byte[10_001])), HttpStatusCode.RequestEntityTooLarge, "10000 bytes that are allowed");
        using var chunked = new HttpRequestMessage(HttpMethod.Post, "v1/models/tiny/predict") { Content = Service.Content(new byte[30_000]) };
        chunked.Headers.TransferEncodingChunked = true;
        await Service.RefusedAsync(await service.Client.SendAsync(chunked, TestContext.Current.CancellationToken), HttpStatusCode.RequestEntityTooLarge, "10000 bytes that are allowed");
        using var three = new MultipartFormDataContent { { Service.Content(Png), "f", "1" }, { Service.Content(Png), "f", "2" }, { Service.Content(Png), "f", "3" } };
        await Service.RefusedAsync(await service.PredictAsync(three), HttpStatusCode.RequestEntityTooLarge);
        await Service.RefusedAsync(await service.PredictAsync(new StringContent("""{"images":["","",""]}""", Encoding.UTF8, "application/json")), HttpStatusCode.RequestEntityTooLarge, "more than the 2 images");
        // Of so short values, a document in memory would take many times the room of the text.
        await Service.RefusedAsync(await service.PredictAsync(new StringContent($$"""{"other":[{{string.Join(',', Enumerable.Repeat("0", 4000))}}]}""", Encoding.UTF8, "application/json")), HttpStatusCode.RequestEntityTooLarge, "more than 2000 names, values and brackets besides the images");
        // The limit is of the body, not of the body and what is made of it.
        var large = Convert.ToBase64String([.. Png, .. new byte[6500 - Png.Length]]);
        Assert.Equal(HttpStatusCode.OK, (await service.PredictAsync(new StringContent($$"""{"image":"{{large}}"}""", Encoding.UTF8, "application/json"))).StatusCode);
        await Service.RefusedAsync(await service.PredictAsync(Service.Content(TestModel.Cases[1].Png)), HttpStatusCode.UnprocessableEntity, "19 x 57 pixels, the limit is 1050");
    }

    [Fact]
    public async Task A_key_is_asked_for_where_there_is_one_but_not_for_health_and_page()
    {
        await using var service = await Service.StartAsync(options => options.ApiKey = "open sesame");
        await Service.RefusedAsync(await service.PredictAsync(Service.Content(Png)), HttpStatusCode.Unauthorized, "X-Api-Key");
        foreach (var path in new[] { "v1/models", "v1/models/tiny", "v1/models/other", "metrics" })
        {
            await Service.RefusedAsync(await service.Client.GetAsync(path, TestContext.Current.CancellationToken), HttpStatusCode.Unauthorized);
        }

        foreach (var path in new[] { "", "health", "health/live", "health/ready", "openapi/v1.json" })
        {
            Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync(path, TestContext.Current.CancellationToken)).StatusCode);
        }

        foreach (var (header, value, status) in new[]
        {
            ("X-Api-Key", "open sesam", HttpStatusCode.Unauthorized), ("X-Api-Key", "open sesame!", HttpStatusCode.Unauthorized), ("Authorization", "Basic open sesame", HttpStatusCode.Unauthorized),
            ("X-Api-Key", "open sesame", HttpStatusCode.OK), ("Authorization", "Bearer open sesame", HttpStatusCode.OK),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "v1/models");
            request.Headers.TryAddWithoutValidation(header, value);
            Assert.Equal(status, (await service.Client.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode);
        }
    }

    [Fact]
    public async Task More_requests_than_may_wait_are_told_to_come_back_and_the_others_are_answered()
    {
        await using var service = await Service.StartAsync(options => (options.Models.Queue, options.Timeout) = (new PredictionQueueOptions { Workers = 1, Capacity = 2 }, Patience));
        using var occupation = await service.OccupyWorkerAsync();
        var waiting = Enumerable.Range(0, 12).Select(_ => service.PredictAsync(Service.Content(Png))).ToList();
        for (var refused = 0; refused < 10; refused++)
        {
            var first = await Task.WhenAny(waiting);
            waiting.Remove(first);
            await Service.RefusedAsync(await first, HttpStatusCode.TooManyRequests, "again later");
        }

        occupation.Dispose();
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        await service.AnswerAsync(Service.Content(Png));
    }

    [Fact]
    public async Task Slow_and_broken_clients_are_let_go_and_stop_nobody_else()
    {
        await using var service = await Service.StartAsync(options => options.Timeout = TimeSpan.FromSeconds(4));
        const string Head = "POST /v1/models/tiny/predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: 5000\r\n\r\nhalf";
        var slow = Enumerable.Range(0, 30).Select(_ => Connect(service.Address, Head)).ToList();
        Connect(service.Address, Head).Close();
        Connect(service.Address, "POST /v1/models/tiny/predict HTTP/1.1\r\nHo").Close();
        await service.AnswerAsync(Service.Content(Png));
        foreach (var client in slow)
        {
            using var reader = new StreamReader(client.GetStream());
            Assert.Equal("HTTP/1.1 408 Request Timeout", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
            client.Close();
        }

        using var garbage = Connect(service.Address, "\0\u0001 nonsense\r\n\r\n");
        using var answer = new StreamReader(garbage.GetStream());
        Assert.StartsWith("HTTP/1.1 400", await answer.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await service.AnswerAsync(Service.Content(Png));
    }

    [Fact]
    public async Task Requests_under_way_are_answered_before_the_service_ends()
    {
        await using var service = await Service.StartAsync(options => (options.Models.Queue, options.Timeout) = (new PredictionQueueOptions { Workers = 1 }, Patience));
        using var occupation = await service.OccupyWorkerAsync();
        var requests = Enumerable.Range(0, 5).Select(_ => service.PredictAsync(Service.Content(Png))).ToList();
        while (!(await service.Client.GetStringAsync("metrics", TestContext.Current.CancellationToken)).Contains("mlnetcnn_queue_waiting 5", StringComparison.Ordinal))
        {
            Assert.DoesNotContain(requests, request => request.IsCompleted);
        }

        var stop = service.StopAsync();
        Assert.False(stop.IsCompleted);
        occupation.Dispose();
        Assert.All(await Task.WhenAll(requests), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        await stop;
        await Assert.ThrowsAsync<HttpRequestException>(() => service.PredictAsync(Service.Content(Png)));
    }

    [Fact]
    public async Task Mistakes_in_the_options_stop_the_start_and_are_said_all_at_once()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => Service.StartAsync(
            options => (options.MaxBodyBytes, options.MaxPixels, options.Timeout, options.ApiKey) = (0, 1L << 40, TimeSpan.Zero, " "),
            (service, folder) => service.FromFile("a/b", folder["tiny.zip"])));
        Assert.All(["MaxBodyBytes is 0", "MaxPixels is 1099511627776", "Timeout is 00:00:00", "ApiKey is empty", "called 'a/b'"], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_that_no_header_can_hold_stops_the_start()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => Service.StartAsync(options => options.ApiKey = "from a file\n"));
        Assert.Contains("ends with a space or a line end", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("from a file", error.Message, StringComparison.Ordinal);
    }

    private static TcpClient Connect(Uri address, string text)
    {
        var client = new TcpClient(address.Host, address.Port);
        client.GetStream().Write(Encoding.Latin1.GetBytes(text));
        return client;
    }
}
