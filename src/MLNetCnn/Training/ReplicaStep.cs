namespace MLNetCnn.Training;

/// <summary>
/// Shares every batch out to replicas of the network, one thread each, and sums their gradients: for small networks, whose
/// operations are too short to be worth sharing between threads. The replicas share the network's weights and own their gradients.
/// The sum is made in a fixed order, so that the same seed gives the same bits.
/// </summary>
/// <remarks>Not for networks with batch normalisation, whose result depends on how a batch is cut.</remarks>
internal sealed class ReplicaStep : ITrainingStep
{
    private readonly List<SingleStep> _steps = [];
    private readonly List<Module<Tensor, Tensor>> _networks = [];
    private readonly List<Replica> _replicas = [];
    private readonly Worker[] _workers;
    private readonly ThreadLimit _single = new(1);

    public ReplicaStep(Module<Tensor, Tensor> network, Func<Module<Tensor, Tensor>> build, int replicas, StepContext context)
    {
        _steps.Add(new SingleStep(network, context, CPU));
        for (var i = 1; i < replicas; i++)
        {
            var second = build();
            _networks.Add(second);
            _replicas.Add(new Replica(network.parameters(), second.parameters()));
            _steps.Add(new SingleStep(second, context, CPU));
        }

        _workers = [.. Enumerable.Range(1, replicas - 1).Select(_ => new Worker())];
    }

    public void BeginEpoch(long seed)
    {
        _steps[0].BeginEpoch(seed);
        for (var i = 0; i < _workers.Length; i++)
        {
            var (step, own) = (_steps[i + 1], seed + ((long)(i + 1) << 32));
            _workers[i].Start(() => step.BeginEpoch(own));
            _workers[i].Wait();
        }
    }

    public void Run(Tensor order, int start, int count, double share)
    {
        var parts = _steps.Count;
        for (var i = 1; i < parts; i++)
        {
            var (step, from, to) = (_steps[i], start + (count * i / parts), start + (count * (i + 1) / parts));
            _workers[i - 1].Start(() => RunPart(step, order, from, to - from, share / count));
        }

        RunPart(_steps[0], order, start, count / parts, share / count);
        foreach (var worker in _workers)
        {
            worker.Wait();
        }

        for (var i = 1; i < parts; i++)
        {
            _replicas[i - 1].TakeGradients();
        }
    }

    public (double LossSum, double Correct) Totals()
    {
        var totals = _steps.Select(step => step.Totals()).ToList();
        return (totals.Sum(total => total.LossSum), totals.Sum(total => total.Correct));
    }

    public void Dispose()
    {
        foreach (var worker in _workers)
        {
            worker.Dispose();
        }

        _single.Dispose();
        _steps.ForEach(step => step.Dispose());
        _networks.ForEach(network => network.Dispose());
    }

    private static void RunPart(SingleStep step, Tensor order, int start, int count, double sharePerImage)
    {
        if (count > 0)
        {
            step.Run(order, start, count, count * sharePerImage);
        }
    }

    /// <summary>A thread that runs one piece of work at a time; it spins for a moment before it sleeps, since work comes every millisecond.</summary>
    private sealed class Worker : IDisposable
    {
        private readonly Thread _thread;
        private readonly ManualResetEventSlim _ready = new(false, spinCount: 200);
        private readonly ManualResetEventSlim _done = new(true, spinCount: 200);
        private Action? _work;
        private Exception? _failure;

        public Worker()
        {
            _thread = new Thread(Loop) { IsBackground = true, Name = "replica" };
            _thread.Start();
        }

        public void Start(Action work)
        {
            _work = work;
            _done.Reset();
            _ready.Set();
        }

        public void Wait()
        {
            _done.Wait();
            if (_failure is { } failure)
            {
                _failure = null;
                throw new InvalidOperationException($"a replica of the network failed: {failure.Message}", failure);
            }
        }

        public void Dispose()
        {
            _done.Wait();
            _work = null;
            _ready.Set();
            _thread.Join();
            _ready.Dispose();
            _done.Dispose();
        }

        private void Loop()
        {
            set_thread_num_threads(1);
            while (true)
            {
                _ready.Wait();
                _ready.Reset();
                if (_work is not { } work)
                {
                    return;
                }

                try
                {
                    work();
                }
                catch (Exception exception)
                {
                    _failure = exception;
                }

                _done.Set();
            }
        }
    }
}
