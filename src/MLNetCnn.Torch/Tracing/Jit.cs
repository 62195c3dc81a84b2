using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using MLNetCnn.Torch.Tracing;

namespace MLNetCnn.Torch;

public static partial class torch
{
    /// <summary>What libtorch's tracer sees of a network.</summary>
    public static partial class jit
    {
        /// <summary>
        /// Runs <paramref name="network"/> once on <paramref name="example"/>, in evaluation mode and without gradients, and
        /// returns every operation that it ran. Tensors among the constants belong to the current dispose scope.
        /// </summary>
        /// <param name="network">The network; its training mode is put back.</param>
        /// <param name="example">An input; what depends on its values or sizes in C# is traced as it is for this one.</param>
        /// <exception cref="TorchException">libtorch can't trace it. What the network itself throws comes through as it is.</exception>
        public static TracedGraph trace(nn.Module<Tensor, Tensor> network, Tensor example)
        {
            ArgumentNullException.ThrowIfNull(network);
            ArgumentNullException.ThrowIfNull(example);
            var parameters = Parameters(network);
            ExceptionDispatchInfo? failure = null;
            var training = network.training;
            var trace = default(nint);
            using var untracked = no_grad();
            network.eval();
            try
            {
                // An owned handle for native code; null after an exception, which must not cross its frames.
                Forward forward = () =>
                {
                    try
                    {
                        using var scope = NewDisposeScope();
                        Check(mnc_tensor_alias(network.call(example), out var output));
                        return output;
                    }
                    catch (Exception exception)
                    {
                        failure = ExceptionDispatchInfo.Capture(exception);
                        return 0;
                    }
                };
                nint[] inputs = [example.Handle, .. parameters.Select(parameter => parameter.Tensor.Handle)];
                var status = mnc_trace(inputs, inputs.Length, Marshal.GetFunctionPointerForDelegate(forward), out trace);
                GC.KeepAlive(forward);
                GC.KeepAlive(parameters);
                failure?.Throw();
                Check(status);
                return TraceReader.Read(trace, parameters);
            }
            finally
            {
                mnc_trace_dispose(trace);
                network.train(training);
            }
        }

        // Tensors that two names share are traced under the first.
        private static List<TracedParameter> Parameters(nn.Module<Tensor, Tensor> network) =>
            [.. network.named_parameters().Select(entry => new TracedParameter(entry.name, entry.parameter))
                .Concat(network.named_buffers().Select(entry => new TracedParameter(entry.name, entry.buffer)))
                .DistinctBy(parameter => parameter.Tensor, ReferenceEqualityComparer.Instance)];

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate nint Forward();
    }
}
