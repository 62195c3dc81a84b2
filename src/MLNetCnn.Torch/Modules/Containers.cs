using System.Collections;
using System.Globalization;
using System.Runtime.InteropServices;
using static MLNetCnn.Torch.torch;
using static MLNetCnn.Torch.torch.nn;

namespace MLNetCnn.Torch.Modules;

/// <summary>Modules one after another, run as <see cref="Chain"/> does.</summary>
public sealed class Sequential : Module<Tensor, Tensor>, IReadOnlyList<Module<Tensor, Tensor>>
{
    private readonly List<Module<Tensor, Tensor>> _steps = [];

    internal Sequential(IEnumerable<(string Name, Module<Tensor, Tensor> Module)> modules)
        : base(nameof(Sequential))
    {
        foreach (var (name, module) in modules)
        {
            append(name, module);
        }
    }

    /// <summary>The number of modules.</summary>
    public int Count => _steps.Count;

    /// <summary>The module at <paramref name="index"/>.</summary>
    public Module<Tensor, Tensor> this[int index] => _steps[index];

    /// <summary>Adds a module called <paramref name="name"/> at the end.</summary>
    /// <returns>This module.</returns>
    public Sequential append(string name, Module<Tensor, Tensor> module)
    {
        register_module(name, module);
        _steps.Add(module);
        return this;
    }

    /// <summary>Adds a module at the end, called by its position.</summary>
    /// <returns>This module.</returns>
    public Sequential append(Module<Tensor, Tensor> module) => append(Count.ToString(CultureInfo.InvariantCulture), module);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => Chain.Run(input, CollectionsMarshal.AsSpan(_steps));

    /// <inheritdoc/>
    public IEnumerator<Module<Tensor, Tensor>> GetEnumerator() => _steps.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>A list of modules, called by their positions.</summary>
/// <typeparam name="T">The kind of modules.</typeparam>
public sealed class ModuleList<T> : Module, IReadOnlyList<T>
    where T : Module
{
    private readonly List<T> _items = [];

    internal ModuleList(IEnumerable<T> modules)
        : base(nameof(ModuleList<>))
    {
        foreach (var module in modules)
        {
            append(module);
        }
    }

    /// <summary>The number of modules.</summary>
    public int Count => _items.Count;

    /// <summary>The module at <paramref name="index"/>.</summary>
    public T this[int index] => _items[index];

    /// <summary>Adds <paramref name="module"/> at the end.</summary>
    /// <returns>This list.</returns>
    public ModuleList<T> append(T module)
    {
        register_module(Count.ToString(CultureInfo.InvariantCulture), module);
        _items.Add(module);
        return this;
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
