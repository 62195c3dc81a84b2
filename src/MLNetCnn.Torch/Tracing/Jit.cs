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
        public static TracedGraph trace(nn.Module<Tensor, Tensor> network, Tensor example) => Trace(network, example, TraceReader.Read);

        /// <summary>
        /// Makes <paramref name="network"/> as fast as it goes for inference, under PyTorch's name: traced once, with its parameters as
        /// they are now, BatchNorm folded into convolutions, and on a CPU with oneDNN each convolution with its padding, shortcut and
        /// activation in one pass over memory.
        /// </summary>
        /// <param name="network">The network, in float32; it stays as it is, and need not be kept.</param>
        /// <param name="example">An input on the network's device; batches may have another length, all other sizes are traced as they are.</param>
        /// <param name="dtype">The arithmetic: float32 or bfloat16.</param>
        /// <param name="device">Where it runs.</param>
        /// <exception cref="NotSupportedException">It is to run in another arithmetic, or in bfloat16 on a processor that does not compute with it.</exception>
        /// <exception cref="TorchException">libtorch can't trace it.</exception>
        public static InferenceGraph optimize_for_inference(nn.Module<Tensor, Tensor> network, Tensor example, ScalarType dtype, Device device)
        {
            ArgumentNullException.ThrowIfNull(device);
            if (dtype is not (ScalarType.Float32 or ScalarType.BFloat16))
            {
                throw new NotSupportedException($"inference in {dtype} is not supported: ask for float32 or bfloat16");
            }

            if (dtype == ScalarType.BFloat16 && device.type == DeviceType.CPU && !cpu.is_bf16_supported())
            {
                throw new NotSupportedException("this processor does not compute with bfloat16: ask for float32");
            }

            return Trace(network, example, (trace, parameters) =>
            {
                nint[] handles = [.. parameters.Select(parameter => parameter.Tensor.Handle)];
                Check(mnc_inference_create(trace, handles, handles.Length, new TensorOptions(dtype, device, false), out var graph));
                GC.KeepAlive(parameters);
                return new InferenceGraph(graph);
            });
        }

        /// <summary>Whether <see cref="optimize_for_inference"/> has oneDNN's own interface, without which convolutions run as libtorch's.</summary>
        public static bool fuses_convolutions => mnc_inference_fuses();

        private static T Trace<T>(nn.Module<Tensor, Tensor> network, Tensor example, Func<nint, IReadOnlyList<TracedParameter>, T> read)
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
                return read(trace, parameters);
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
