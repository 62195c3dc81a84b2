namespace MLNetCnn.Torch;

public static partial class torch
{
    /// <summary>Whether the calling thread records operations for gradients.</summary>
    public static bool is_grad_enabled()
    {
        Check(mnc_grad_enabled(out var enabled));
        return enabled;
    }

    /// <summary>Records nothing for gradients on this thread until disposed.</summary>
    public static IDisposable no_grad() => set_grad_enabled(false);

    /// <summary>Records for gradients on this thread until disposed.</summary>
    public static IDisposable enable_grad(bool enabled = true) => set_grad_enabled(enabled);

    /// <summary>Switches the recording for gradients on this thread until disposed.</summary>
    public static IDisposable set_grad_enabled(bool mode = true)
    {
        var previous = is_grad_enabled();
        Check(mnc_set_grad_enabled(mode));
        return new Restore(() => Check(mnc_set_grad_enabled(previous)));
    }

    /// <summary>As <see cref="no_grad"/>, and cheaper: tensors made meanwhile can never take part in gradients.</summary>
    public static IDisposable inference_mode(bool mode = true)
    {
        Check(mnc_inference_mode_enter(mode, out var guard));
        return new Restore(() => Check(mnc_inference_mode_leave(guard)));
    }

    /// <summary>
    /// Mixed precision on this thread until disposed: convolutions and matrix products as <paramref name="dtype"/>, what needs
    /// precision as float32. Keep the backward pass outside.
    /// </summary>
    /// <param name="device">The device whose operations are meant.</param>
    /// <param name="dtype">bfloat16 by default; on a GPU float16 too.</param>
    /// <param name="enabled">False switches an outer one off.</param>
    public static IDisposable autocast(Device device, ScalarType? dtype = null, bool enabled = true)
    {
        var type = (int)device.type;
        Check(mnc_autocast_enter(type, (int)(dtype ?? ScalarType.BFloat16), enabled, out var wasEnabled, out var previous));
        return new Restore(() => Check(mnc_autocast_leave(type, previous, wasEnabled)));
    }

    /// <summary>Gradients as a function of their own.</summary>
    public static class autograd
    {
        /// <summary>The gradients of <paramref name="outputs"/> with respect to <paramref name="inputs"/>, added to no one's <c>grad</c>.</summary>
        /// <param name="outputs">What to differentiate.</param>
        /// <param name="inputs">What to differentiate by.</param>
        /// <param name="grad_outputs">The gradient of each output; 1 for outputs of one element.</param>
        /// <param name="retain_graph">Keeps the graph for another call.</param>
        /// <param name="create_graph">Records the computation of the gradients too.</param>
        public static IList<Tensor> grad(IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor>? grad_outputs = null, bool retain_graph = false, bool create_graph = false)
        {
            var gradients = new nint[inputs.Count];
            var status = mnc_autograd_grad(
                Handles(outputs), outputs.Count, Handles(inputs), inputs.Count, Handles(grad_outputs ?? []), grad_outputs?.Count ?? 0, retain_graph || create_graph, create_graph, gradients);
            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            Check(status);
            return [.. gradients.Select(handle => new Tensor(handle))];
        }
    }

    /// <summary>Undoes a change once.</summary>
    private sealed class Restore(Action undo) : IDisposable
    {
        private Action? _undo = undo;

        public void Dispose() => Interlocked.Exchange(ref _undo, null)?.Invoke();
    }
}
