using static MLNetCnn.Torch.torch;

namespace MLNetCnn.Torch;

/// <summary>A network made ready for inference by <see cref="jit.optimize_for_inference"/>. May be called by several threads at once.</summary>
public sealed class InferenceGraph : IDisposable
{
    private nint _graph;

    internal InferenceGraph(nint graph) => _graph = graph;

    /// <summary>Runs it, without gradients.</summary>
    /// <param name="input">An input of the traced one's sizes, but for the batch's; in the graph's arithmetic and on its device.</param>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    /// <exception cref="TorchException">The input does not fit.</exception>
    public Tensor call(Tensor input)
    {
        ObjectDisposedException.ThrowIf(_graph == 0, this);
        var output = Owned(mnc_inference_run(_graph, input, out var result), result);
        GC.KeepAlive(this);
        return output;
    }

    /// <summary>Frees its weights.</summary>
    public void Dispose()
    {
        mnc_inference_dispose(_graph);
        _graph = 0;
    }
}
