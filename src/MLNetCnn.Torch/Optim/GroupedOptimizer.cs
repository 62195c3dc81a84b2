using MLNetCnn.Torch.Modules;

namespace MLNetCnn.Torch.Optim;

/// <summary>What the optimizers share: groups with settings of one kind.</summary>
/// <typeparam name="TOptions">The optimizer's settings.</typeparam>
public abstract class Optimizer<TOptions> : torch.optim.Optimizer
    where TOptions : OptimizerOptions
{
    private readonly List<(ParamGroup<TOptions> Group, OptimizerState State)> _groups = [];

    private protected Optimizer(IEnumerable<ParamGroup<TOptions>> groups)
    {
        foreach (var group in groups)
        {
            add_param_group(group);
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<ILearningRateController> ParamGroups => _groups.Select(entry => entry.Group);

    /// <summary>Adds parameters, for example ones that were frozen so far.</summary>
    /// <exception cref="ArgumentException">One of them is in another group.</exception>
    public void add_param_group(ParamGroup<TOptions> group)
    {
        ArgumentNullException.ThrowIfNull(group);
        if (parameters().Intersect(group.Parameters, ReferenceEqualityComparer.Instance).Any())
        {
            throw new ArgumentException("a parameter is in two groups", nameof(group));
        }

        _groups.Add((group, new OptimizerState(group.Parameters, States(group.Options))));
    }

    /// <inheritdoc/>
    public override IEnumerable<Parameter> parameters() => _groups.SelectMany(entry => entry.Group.Parameters);

    /// <inheritdoc/>
    public override void step()
    {
        foreach (var (group, state) in _groups)
        {
            Check(Step(group.LearningRate, group.Options, state));
            GC.KeepAlive(group);
            GC.KeepAlive(state);
        }
    }

    /// <inheritdoc/>
    public override Dictionary<string, torch.Tensor> state_dict()
    {
        var all = new Dictionary<string, torch.Tensor>(StringComparer.Ordinal);
        foreach (var (i, (group, state)) in _groups.Index())
        {
            all.Add(FormattableString.Invariant($"{i}.learning_rates"), torch.tensor<double>([group.LearningRate, group.InitialLearningRate]));
            foreach (var (name, tensor) in state.Save())
            {
                all.Add(FormattableString.Invariant($"{i}.{name}"), tensor);
            }
        }

        return all;
    }

    /// <inheritdoc/>
    public override void load_state_dict(IReadOnlyDictionary<string, torch.Tensor> state)
    {
        using var scope = torch.NewDisposeScope();
        var own = state_dict();
        var problems = own.Keys.Except(state.Keys).Select(name => $"{name} is missing")
            .Concat(state.Keys.Except(own.Keys).Select(name => $"{name} is unknown"))
            .Concat(from entry in own
                    where state.TryGetValue(entry.Key, out var given) && !(given.dtype == entry.Value.dtype && given.shape.SequenceEqual(entry.Value.shape))
                    select $"{entry.Key} is {state[entry.Key]}, not {entry.Value}")
            .ToList();
        if (problems.Count > 0)
        {
            throw new ArgumentException($"this is not the state of such an optimizer over these parameters: {string.Join("; ", problems)}", nameof(state));
        }

        foreach (var (i, (group, groupState)) in _groups.Index())
        {
            var prefix = FormattableString.Invariant($"{i}.");
            foreach (var name in own.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)))
            {
                if (name == prefix + "learning_rates")
                {
                    var rates = state[name].data<double>();
                    (group.LearningRate, group.InitialLearningRate) = (rates[0], rates[1]);
                }
                else
                {
                    groupState.Load(name[prefix.Length..], state[name]);
                }
            }
        }
    }

    /// <summary>The names of the state tensors that <paramref name="options"/> need, and what they start from.</summary>
    private protected abstract IEnumerable<(string Name, double Initial)> States(TOptions options);

    /// <summary>The native call.</summary>
    private protected abstract int Step(double learningRate, TOptions options, OptimizerState state);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (var (_, state) in _groups)
        {
            state.Dispose();
        }
    }
}
