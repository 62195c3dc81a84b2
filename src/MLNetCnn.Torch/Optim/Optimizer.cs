using MLNetCnn.Torch.Modules;
using MLNetCnn.Torch.Optim;

namespace MLNetCnn.Torch;

public static partial class torch
{
    /// <summary>Optimizers, under PyTorch's names and with its arithmetic.</summary>
    public static partial class optim
    {
        /// <summary>Moves parameters along their gradients. One native call per group and step.</summary>
        public abstract class Optimizer : IDisposable
        {
            /// <summary>The groups, whose learning rates may be changed between steps.</summary>
            public abstract IEnumerable<ILearningRateController> ParamGroups { get; }

            /// <summary>All parameters, group by group.</summary>
            public abstract IEnumerable<Parameter> parameters();

            /// <summary>Updates every parameter that has a gradient; the others, and their step counts, stay as they are.</summary>
            /// <exception cref="TorchException">libtorch refuses, for example because a parameter was moved to another device.</exception>
            public abstract void step();

            /// <summary>Removes the gradients, or, without <paramref name="set_to_none"/>, fills them with zeros.</summary>
            public void zero_grad(bool set_to_none = true)
            {
                Parameter[] all = [.. parameters()];
                Check(mnc_zero_grad(Handles(all), all.Length, set_to_none));
                GC.KeepAlive(all);
            }

            /// <summary>
            /// All that it takes to go on later: learning rates, step counts and state tensors, by names that start with the
            /// group's number. The tensors belong to the current dispose scope; the state tensors share their memory.
            /// </summary>
            public abstract Dictionary<string, Tensor> state_dict();

            /// <summary>Takes over what <see cref="state_dict"/> gave for an optimizer of the same kind and groups.</summary>
            /// <exception cref="ArgumentException">Names or shapes differ; the message lists them all, and nothing was changed.</exception>
            public abstract void load_state_dict(IReadOnlyDictionary<string, Tensor> state);

            /// <summary>Frees the state tensors.</summary>
            public void Dispose()
            {
                Dispose(disposing: true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Frees the state tensors.</summary>
            protected abstract void Dispose(bool disposing);
        }
    }
}
