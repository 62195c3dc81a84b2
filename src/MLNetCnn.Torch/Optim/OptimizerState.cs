using MLNetCnn.Torch.Modules;
using static MLNetCnn.Torch.torch;

namespace MLNetCnn.Torch.Optim;

/// <summary>What an optimizer remembers of one group: state tensors in the layout of their parameters, and step counts.</summary>
internal sealed class OptimizerState : IDisposable
{
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly SortedDictionary<string, Tensor[]> _tensors = new(StringComparer.Ordinal);

    public OptimizerState(IReadOnlyList<Parameter> parameters, IEnumerable<(string Name, double Initial)> states)
    {
        _parameters = parameters;
        Steps = new long[parameters.Count];
        MomentumProducts = new double[parameters.Count];
        Array.Fill(MomentumProducts, 1.0);
        foreach (var (name, initial) in states)
        {
            _tensors.Add(name, [.. parameters.Select(parameter => Create(parameter, initial))]);
        }
    }

    /// <summary>The steps that each parameter has taken.</summary>
    public long[] Steps { get; }

    /// <summary>NAdam's running product of its momentum schedule, per parameter.</summary>
    public double[] MomentumProducts { get; }

    public long Count => _parameters.Count;

    public nint[] Parameters => Handles(_parameters);

    /// <summary>The handles of the state <paramref name="name"/>; null where the settings need none.</summary>
    public nint[]? Find(string name) => _tensors.TryGetValue(name, out var found) ? Handles(found) : null;

    /// <summary>Everything by name; the tensors belong to the current dispose scope and share memory with the state.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Save()
    {
        yield return new("steps", tensor<long>(Steps));
        yield return new("momentum_products", tensor<double>(MomentumProducts));
        foreach (var (name, list) in _tensors)
        {
            for (var i = 0; i < list.Length; i++)
            {
                yield return new(FormattableString.Invariant($"{i}.{name}"), list[i].alias());
            }
        }
    }

    public void Load(string name, Tensor saved)
    {
        switch (name)
        {
            case "steps":
                saved.data<long>().AsSpan().CopyTo(Steps);
                break;
            case "momentum_products":
                saved.data<double>().AsSpan().CopyTo(MomentumProducts);
                break;
            default:
                var dot = name.IndexOf('.', StringComparison.Ordinal);
                using (no_grad())
                {
                    _tensors[name[(dot + 1)..]][int.Parse(name.AsSpan(0, dot), System.Globalization.CultureInfo.InvariantCulture)].copy_(saved);
                }

                break;
        }
    }

    public void Dispose()
    {
        foreach (var tensor in _tensors.Values.SelectMany(list => list))
        {
            tensor.Dispose();
        }
    }

    private static Tensor Create(Parameter parameter, double initial)
    {
        using var scope = NewDisposeScope();
        var state = zeros_like(parameter);
        if (initial != 0)
        {
            state.fill_(initial);
        }

        return scope.Detach(state);
    }
}
