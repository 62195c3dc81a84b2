namespace MLNetCnn.Torch;

public static partial class torch
{
    /// <summary>
    /// Opens a scope: every tensor that this thread makes until the scope is disposed is freed with it, save those moved out.
    /// Scopes nest; each thread has its own.
    /// </summary>
    public static DisposeScope NewDisposeScope() => new();

    /// <summary>The number of native tensor handles in use: flat over the steps of a training that leaks nothing.</summary>
    public static long live_handles => mnc_live_handles();
}

/// <summary>Frees, when disposed, the tensors that its thread made meanwhile. Belongs to the thread that opened it.</summary>
public sealed class DisposeScope : IDisposable
{
    private readonly List<torch.Tensor> _tensors = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private bool _disposed;

    internal DisposeScope()
    {
        OuterScope = Current;
        Current = this;
    }

    /// <summary>The scope around this one, or null.</summary>
    public DisposeScope? OuterScope { get; }

    /// <summary>How many tensors the scope owns now.</summary>
    public int DisposablesCount => _tensors.Count;

    /// <summary>The innermost open scope of this thread.</summary>
    [field: ThreadStatic]
    internal static DisposeScope? Current { get; private set; }

    /// <summary>Takes <paramref name="tensor"/> over from whatever scope owns it.</summary>
    /// <returns>The tensor.</returns>
    public torch.Tensor Include(torch.Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        tensor.Scope?.Remove(tensor);
        Add(tensor);
        return tensor;
    }

    /// <summary>Leaves <paramref name="tensor"/> to the scope around this one, or to the caller where there is none.</summary>
    /// <returns>The tensor.</returns>
    public torch.Tensor MoveToOuter(torch.Tensor tensor)
    {
        Detach(tensor);
        OuterScope?.Add(tensor);
        return tensor;
    }

    /// <summary>Leaves <paramref name="tensor"/> to the caller, who disposes it.</summary>
    /// <returns>The tensor.</returns>
    public torch.Tensor Detach(torch.Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Scope != this)
        {
            throw new InvalidOperationException("the tensor belongs to another dispose scope");
        }

        Remove(tensor);
        return tensor;
    }

    /// <summary>Frees every tensor that the scope owns; the scope stays open.</summary>
    public void DisposeEverything()
    {
        while (_tensors.Count > 0)
        {
            _tensors[^1].Dispose();
        }
    }

    /// <summary>Frees every tensor that the scope owns, and closes it.</summary>
    /// <exception cref="InvalidOperationException">Another thread opened the scope.</exception>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        if (_thread != Environment.CurrentManagedThreadId)
        {
            throw new InvalidOperationException("a dispose scope is closed by the thread that opened it: don't await inside one");
        }

        _disposed = true;
        DisposeEverything();
        while (Current is { _disposed: true })
        {
            Current = Current.OuterScope;
        }
    }

    internal void Add(torch.Tensor tensor)
    {
        tensor.Scope = this;
        tensor.ScopeSlot = _tensors.Count;
        _tensors.Add(tensor);
    }

    /// <summary>Constant time: the last tensor takes the place of the removed one.</summary>
    internal void Remove(torch.Tensor tensor)
    {
        var last = _tensors[^1];
        _tensors[tensor.ScopeSlot] = last;
        last.ScopeSlot = tensor.ScopeSlot;
        _tensors.RemoveAt(_tensors.Count - 1);
        tensor.Scope = null;
    }
}
