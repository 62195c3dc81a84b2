using MLNetCnn.Imaging;
using MLNetCnn.Inference.Pooling;
using MLNetCnn.Testing;

namespace MLNetCnn.Inference.Tests.Pooling;

public sealed class PredictionQueueTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ImageModelPool _pool;

    public PredictionQueueTests()
    {
        var options = new ImageModelPoolOptions();
        TestModel.Package.Save(_folder["model.zip"]);
        options.AddFile("model", _folder["model.zip"], watchForChanges: false);
        _pool = new ImageModelPool(options);
    }

    public void Dispose()
    {
        _pool.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_full_queue_refuses_at_once_and_a_cancelled_wait_ends()
    {
        await _pool.LoadAsync(TestContext.Current.CancellationToken);
        using var queue = new PredictionQueue(_pool, new PredictionQueueOptions { Workers = 1, Capacity = 2 });
        using var gate = new ManualResetEventSlim();
        var started = new TaskCompletionSource();
        var image = TestModel.Cases[0].Image(0);
        Func<int, MLImage> slow = _ =>
        {
            started.SetResult();
            gate.Wait();
            return image;
        };
        using var cancel = new CancellationTokenSource();
        var running = queue.PredictAsync("model", [slow], TestContext.Current.CancellationToken);
        await started.Task.WaitAsync(TestContext.Current.CancellationToken);
        var cancelled = queue.PredictAsync("model", [_ => image], cancel.Token);
        var mixed = queue.PredictAsync("model", [_ => image, _ => throw new ImageFormatException("torn"), _ => image], TestContext.Current.CancellationToken);
        Assert.Contains("2 requests wait already", (await Assert.ThrowsAsync<PredictionQueueFullException>(() => queue.PredictAsync("model", [_ => image]))).Message, StringComparison.Ordinal);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        gate.Set();
        Assert.NotNull((await running)[0].Prediction);
        var outcomes = await mixed;
        Assert.Equal(["torn"], outcomes.Where(outcome => outcome.Prediction is null).Select(outcome => outcome.Problem!.Message));
        Assert.Equal(outcomes[0].Prediction!.Score, outcomes[2].Prediction!.Score);
        Assert.Null(outcomes[1].Prediction);
    }

    [Fact]
    public async Task Requests_that_share_a_run_get_the_answers_that_they_get_alone()
    {
        using var queue = new PredictionQueue(_pool, new PredictionQueueOptions { Workers = 1, BatchSize = 6, BatchDelay = TimeSpan.FromMilliseconds(50) });
        var images = TestModel.Cases.SelectMany(images => Enumerable.Range(0, 4).Select(images.Image)).ToList();
        using var lease = _pool.Rent("model");
        var torn = queue.PredictAsync("model", [_ => throw new InvalidOperationException("no image at all")], TestContext.Current.CancellationToken);
        var answers = await Task.WhenAll(images.Select(image => queue.PredictAsync("model", [_ => image], TestContext.Current.CancellationToken)));
        for (var i = 0; i < images.Count; i++)
        {
            Assert.Equal(lease.Model.Predict(images[i]).Score.Select(score => (double)score), answers[i][0].Prediction!.Score.Select(score => (double)score), (a, b) => Math.Abs(a - b) < 1e-5);
        }

        await Assert.ThrowsAsync<InvalidOperationException>(() => torn);
    }

    [Theory]
    [InlineData(3, 1, 2, true)]
    [InlineData(3, 1, 3, false)]
    [InlineData(3, 32, 1, false)]
    public async Task No_more_images_share_a_run_than_may(int batchSize, int first, int second, bool together)
    {
        using var queue = new PredictionQueue(_pool, new PredictionQueueOptions { Workers = 1, BatchSize = batchSize, BatchDelay = TimeSpan.FromSeconds(1) });
        Task? one = null;
        var wasWaiting = false;
        var image = TestModel.Cases[0].Image(0);
        MLImage Last(int channels)
        {
            // Decoded before the run: where both share it, nobody has an answer yet.
            wasWaiting = !one!.Wait(TimeSpan.FromSeconds(1));
            return image;
        }

        one = queue.PredictAsync("model", [.. Enumerable.Repeat<Func<int, MLImage>>(_ => image, first)], TestContext.Current.CancellationToken);
        var other = queue.PredictAsync("model", [.. Enumerable.Repeat<Func<int, MLImage>>(Last, second)], TestContext.Current.CancellationToken);
        await Task.WhenAll(one, other);
        Assert.Equal(together, wasWaiting);
    }

    [Fact]
    public async Task A_request_that_a_worker_is_free_for_shares_no_run()
    {
        using var queue = new PredictionQueue(_pool, new PredictionQueueOptions { Workers = 2 });
        using var both = new Barrier(2);
        var apart = 0;
        // Images that share a run are decoded one after the other, and would wait for each other in vain.
        MLImage Decode(int channels)
        {
            Interlocked.Add(ref apart, both.SignalAndWait(TimeSpan.FromSeconds(5)) ? 1 : 0);
            return TestModel.Cases[0].Image(0);
        }

        for (var round = 1; round <= 50; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => queue.PredictAsync("model", [Decode], TestContext.Current.CancellationToken)));
            Assert.Equal(2 * round, apart);
            Assert.True(SpinWait.SpinUntil(() => queue.Running == 0, TimeSpan.FromSeconds(5)));
        }
    }
}
