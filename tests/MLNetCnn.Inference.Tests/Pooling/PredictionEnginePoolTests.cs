using System.Net;
using System.Net.Sockets;

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

using MLNetCnn.Imaging;
using MLNetCnn.Inference.Pooling;
using MLNetCnn.Testing;

namespace MLNetCnn.Inference.Tests.Pooling;

public sealed class PredictionEnginePoolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Named_models_answer_from_files_with_label_probability_and_version()
    {
        TestModel.Package.Save(_folder["first.zip"]);
        OtherLabels.Save(_folder["second.zip"]);
        using var services = new ServiceCollection().AddPredictionEnginePool<Photo, Answer>()
            .FromFile(_folder["first.zip"], watchForChanges: false)
            .FromFile("second", _folder["second.zip"])
            .Services.BuildServiceProvider();
        var pool = services.GetRequiredService<PredictionEnginePool<Photo, Answer>>();
        foreach (var images in TestModel.Cases)
        {
            var expected = images.Expected(0);
            var best = expected.AsSpan().IndexOf(expected.Max());
            var photo = new Photo { Image = images.Png };
            foreach (var answer in new[] { pool.Predict(photo), await pool.PredictAsync(photo, TestContext.Current.CancellationToken) })
            {
                Assert.Equal(TestModel.Labels[best], answer.PredictedLabel);
                Assert.Equal(expected[best], answer.Probability, 1e-4);
                Assert.Equal(ModelPackage.Read(_folder["first.zip"]).Version, answer.ModelVersion);
            }

            Assert.Equal(OtherLabels.Metadata.Labels[best], pool.Predict("SECOND", photo).PredictedLabel);
        }

        Assert.Contains("there is no model 'third': there are '', 'second'", Assert.Throws<ArgumentException>(() => pool.Predict("third", new Photo())).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ImageFormatException>(() => pool.PredictAsync(new Photo { Image = [1, 2, 3] }));
        Assert.Throws<ImageFormatException>(() => pool.Predict(new Photo { Image = [1, 2, 3] }));
    }

    [Fact]
    public async Task Predictions_go_on_without_a_failure_or_a_mixed_answer_while_the_file_is_replaced()
    {
        var path = _folder["model.zip"];
        ModelPackage[] packages = [TestModel.Package, OtherLabels];
        packages[0].Save(path);
        using var services = new ServiceCollection().AddPredictionEnginePool<Photo, Answer>().FromFile(path)
            .Configure(options => options.Queue = new PredictionQueueOptions { BatchSize = 4 }).Services.BuildServiceProvider();
        var pool = services.GetRequiredService<PredictionEnginePool<Photo, Answer>>();
        var photo = new Photo { Image = TestModel.Cases[0].Png };
        var labels = new Dictionary<string, string> { [Version(packages[0])] = pool.Predict(photo).PredictedLabel };
        labels[Version(packages[1])] = OtherLabels.Metadata.Labels[Array.IndexOf(TestModel.Labels, labels.Values.Single())];

        using var stop = new CancellationTokenSource();
        var wrong = 0;
        var seen = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        var clients = Enumerable.Range(0, 4).Select(client => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var answer = client % 2 == 0 ? pool.Predict(photo) : await pool.PredictAsync(photo, TestContext.Current.CancellationToken);
                seen.AddOrUpdate(answer.ModelVersion, 1, (_, count) => count + 1);
                if (labels.GetValueOrDefault(answer.ModelVersion) != answer.PredictedLabel)
                {
                    Interlocked.Increment(ref wrong);
                }
            }
        })).ToList();
        var engine = pool.GetPredictionEngine();
        packages[1].Save(path);
        await Until(() => seen.ContainsKey(Version(packages[1])));

        // A damaged file changes nothing; one that follows it does.
        await File.WriteAllTextAsync(path, "no zip", TestContext.Current.CancellationToken);
        await Task.Delay(1500, TestContext.Current.CancellationToken);
        Assert.Equal(Version(packages[1]), pool.Predict(photo).ModelVersion);
        seen.Clear();
        packages[0].Save(path);
        await Until(() => seen.ContainsKey(Version(packages[0])));
        await stop.CancelAsync();
        await Task.WhenAll(clients);
        Assert.Equal(0, wrong);

        // Its model was replaced twice over, and is whole until the engine is given back.
        var held = engine.Predict(photo);
        Assert.Equal(Version(packages[0]), held.ModelVersion);
        pool.ReturnPredictionEngine(engine);
        pool.ReturnPredictionEngine(engine);
        Assert.Throws<ObjectDisposedException>(() => engine.Predict(photo));
        Assert.Equal(labels[Version(packages[0])], pool.Predict(photo).PredictedLabel);
    }

    [Fact]
    public async Task A_damaged_model_is_reported_and_keeps_no_other_from_answering()
    {
        TestModel.Package.Save(_folder["sound.zip"]);
        await File.WriteAllTextAsync(_folder["damaged.zip"], "no zip", TestContext.Current.CancellationToken);
        var options = new ImageModelPoolOptions();
        options.AddFile("sound", _folder["sound.zip"], watchForChanges: false);
        options.AddFile("damaged", _folder["damaged.zip"]);
        options.AddFile("missing", _folder["missing.zip"], watchForChanges: false);
        using var pool = new ImageModelPool(options);
        await Assert.ThrowsAnyAsync<Exception>(() => pool.LoadAsync(TestContext.Current.CancellationToken));
        Assert.True(pool.Status("sound") is { IsReady: true, Failures: 0, Error: null });
        Assert.Contains("not a readable .zip", pool.Status("damaged").Error, StringComparison.Ordinal);
        Assert.Contains("missing.zip", pool.Status("missing").Error, StringComparison.Ordinal);
        Assert.Throws<ModelFormatException>(() => pool.Rent("damaged"));
        using (var lease = pool.Rent("sound"))
        {
            Assert.Equal(TestModel.Labels, lease.Model.Labels);
        }

        TestModel.Package.Save(_folder["damaged.zip"]);
        await Until(() => pool.Status("damaged").IsReady);
        Assert.Equal(0, pool.Status("damaged").Reloads);

        // It goes, and comes back as it was: a deployment that was taken back.
        File.Move(_folder["damaged.zip"], _folder["away.zip"]);
        await Until(() => pool.Status("damaged").Error is not null);
        File.Move(_folder["away.zip"], _folder["damaged.zip"]);
        await Until(() => pool.Status("damaged").Error is null);
    }

    [Fact]
    public async Task A_model_that_comes_later_than_it_is_asked_for_answers_from_then_on()
    {
        await File.WriteAllTextAsync(_folder["late.zip"], "", TestContext.Current.CancellationToken);
        using var services = new ServiceCollection().AddPredictionEnginePool<Photo, Answer>().FromFile(_folder["late.zip"]).Services.BuildServiceProvider();
        var pool = services.GetRequiredService<PredictionEnginePool<Photo, Answer>>();
        var photo = new Photo { Image = TestModel.Cases[0].Png };
        Assert.Contains("too short", (await Assert.ThrowsAsync<ModelFormatException>(() => pool.PredictAsync(photo))).Message, StringComparison.Ordinal);

        TestModel.Package.Save(_folder["late.zip"]);
        await Until(() =>
        {
            try
            {
                return pool.Predict(photo).PredictedLabel.Length > 0;
            }
            catch (ModelFormatException)
            {
                return false;
            }
        });
        Assert.Contains((await pool.PredictAsync(photo, TestContext.Current.CancellationToken)).PredictedLabel, TestModel.Labels);
    }

    [Fact]
    public async Task A_model_that_does_not_come_keeps_no_other_from_answering_and_no_pool_from_ending()
    {
        TestModel.Package.Save(_folder["sound.zip"]);
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var services = new ServiceCollection().AddPredictionEnginePool<Photo, Answer>()
            .FromFile("sound", _folder["sound.zip"], watchForChanges: false)
            .FromUri("silent", $"http://{silent.LocalEndpoint}/model.zip")
            .Services.BuildServiceProvider();
        var pool = services.GetRequiredService<PredictionEnginePool<Photo, Answer>>();
        var photo = new Photo { Image = TestModel.Cases[0].Png };
        var waiting = Enumerable.Range(0, 100).Select(_ => pool.PredictAsync("silent", photo)).ToList();

        await Assert.ThrowsAsync<PredictionQueueFullException>(() => waiting[^1]);
        var answer = await pool.PredictAsync("sound", photo, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Contains(answer.PredictedLabel, TestModel.Labels);
        await Task.Run(services.Dispose, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await Assert.AllAsync(waiting, async call => await Assert.ThrowsAnyAsync<Exception>(() => call));
    }

    [Fact]
    public async Task A_model_behind_http_is_fetched_again_only_when_it_changed()
    {
        using var listener = new HttpListener();
        var port = FreePort();
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        var (zip, sent) = (TestModel.Zip(), new List<int>());
        var isDown = false;
        var server = Task.Run(async () =>
        {
            while (listener.IsListening)
            {
                HttpListenerContext context;
                try
                {
                    context = await listener.GetContextAsync();
                }
                catch (Exception) when (!listener.IsListening)
                {
                    return;
                }

                if (isDown)
                {
                    context.Response.StatusCode = 503;
                    context.Response.Close();
                    continue;
                }

                var (content, tag) = (zip, $"\"{zip.Length}\"");
                context.Response.Headers["ETag"] = tag;
                context.Response.StatusCode = context.Request.Headers["If-None-Match"] == tag ? 304 : 200;
                if (context.Response.StatusCode == 200)
                {
                    context.Response.ContentLength64 = content.Length;
                    await context.Response.OutputStream.WriteAsync(content);
                }

                lock (sent)
                {
                    sent.Add(context.Response.StatusCode);
                }

                context.Response.Close();
            }
        });
        using (var services = new ServiceCollection().AddPredictionEnginePool<Photo, Answer>()
            .FromUri("web", $"http://127.0.0.1:{port}/model.zip", TimeSpan.FromMilliseconds(50)).Services.BuildServiceProvider())
        {
            var pool = services.GetRequiredService<PredictionEnginePool<Photo, Answer>>();
            var photo = new Photo { Image = TestModel.Cases[0].Png };
            var first = pool.Predict("web", photo);
            await Until(() => Count(304) >= 2);
            Assert.Equal(1, Count(200));
            zip = TestModel.Zip(OtherLabels);
            await Until(() => pool.Predict("web", photo).ModelVersion != first.ModelVersion);
            Assert.Equal(2, Count(200));

            var options = new ImageModelPoolOptions();
            options.AddUri("web", new Uri($"http://127.0.0.1:{port}/model.zip"), TimeSpan.FromMilliseconds(50));
            using var models = new ImageModelPool(options);
            await models.LoadAsync(TestContext.Current.CancellationToken);
            Volatile.Write(ref isDown, true);
            await Until(() => models.Status("web").Error is not null);
            Volatile.Write(ref isDown, false);
            await Until(() => models.Status("web").Error is null);
            Assert.Equal(3, Count(200));
        }

        listener.Stop();
        await server;

        int Count(int status)
        {
            lock (sent)
            {
                return sent.Count(code => code == status);
            }
        }
    }

    [Fact]
    public void Mistakes_in_the_options_are_said_all_at_once()
    {
        using var services = new ServiceCollection().AddPredictionEnginePool<Photo, Answer>()
            .FromFile("a.zip").FromFile("b.zip")
            .Configure(options => (options.Queue, options.Model) = (new() { Workers = 0, BatchDelay = TimeSpan.FromHours(1) }, new() { Threads = -1 }))
            .Services.BuildServiceProvider();
        var message = Assert.Throws<OptionsValidationException>(services.GetRequiredService<PredictionEnginePool<Photo, Answer>>).Message;
        Assert.All(["two models are called ''", "Workers is 0", "BatchDelay is 01:00:00", "Threads is -1"], part => Assert.Contains(part, message, StringComparison.Ordinal));

        var options = new ImageModelPoolOptions();
        Assert.Contains("absolute http", Assert.Throws<ArgumentException>(() => options.AddUri("x", new Uri("ftp://example.org/model.zip"), TimeSpan.FromHours(1))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => options.AddUri("x", new Uri("http://127.0.0.1/model.zip"), TimeSpan.Zero));
        Assert.Contains("there is no model", Assert.Throws<OptionsValidationException>(() => new ImageModelPool(options)).Message, StringComparison.Ordinal);
    }

    private static ModelPackage OtherLabels => TestModel.Package with { Metadata = TestModel.Metadata with { Labels = [.. TestModel.Labels.Select(label => $"new {label}")] } };

    private static string Version(ModelPackage package) => ModelPackage.Read(new MemoryStream(TestModel.Zip(package))).Version!;

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task Until(Func<bool> condition)
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(30); !condition();)
        {
            Assert.True(DateTime.UtcNow < deadline, "it did not happen within 30 s");
            await Task.Delay(10);
        }
    }

    public sealed class Photo
    {
        public byte[] Image { get; init; } = [];
    }

    public sealed class Answer
    {
        public string PredictedLabel { get; set; } = "";

        public float Probability { get; set; }

        public string ModelVersion { get; set; } = "";
    }
}
