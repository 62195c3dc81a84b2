using MLNetCnn.Torch.Modules;
using MLNetCnn.Torch.Optim;

namespace MLNetCnn.Torch
{
    public static partial class torch
    {
        public static partial class optim
        {
            /// <summary>RMSprop (Tieleman and Hinton 2012): gradients over their running root mean square.</summary>
            public static RMSProp RMSProp(IEnumerable<Parameter> parameters, double lr = 1e-2, double alpha = 0.99, double eps = 1e-8, double weight_decay = 0, double momentum = 0, bool centered = false) =>
                RMSProp([new ParamGroup<RMSProp.Options>(parameters, new() { LearningRate = lr, alpha = alpha, eps = eps, weight_decay = weight_decay, momentum = momentum, centered = centered })]);

            /// <summary>RMSprop with settings per group.</summary>
            public static RMSProp RMSProp(IEnumerable<ParamGroup<RMSProp.Options>> groups) => new(groups);
        }
    }
}

namespace MLNetCnn.Torch.Optim
{
    /// <summary>RMSprop; made by <c>torch.optim.RMSProp</c>.</summary>
    public sealed class RMSProp : Optimizer<RMSProp.Options>
    {
        internal RMSProp(IEnumerable<ParamGroup<Options>> groups)
            : base(groups)
        {
        }

        private protected override IEnumerable<(string Name, double Initial)> States(Options options)
        {
            yield return ("square_avg", 0);
            if (options.momentum != 0)
            {
                yield return ("momentum_buffer", 0);
            }

            if (options.centered)
            {
                yield return ("grad_avg", 0);
            }
        }

        private protected override int Step(double learningRate, Options options, OptimizerState state) => mnc_optim_rmsprop(
            state.Parameters, state.Find("square_avg"), state.Find("momentum_buffer"), state.Find("grad_avg"), state.Steps, state.Count,
            learningRate, options.alpha, options.eps, options.weight_decay, options.momentum, options.centered);

        /// <summary>The settings of RMSprop.</summary>
        public sealed class Options : OptimizerOptions
        {
            /// <summary>How much of the mean squared gradient is kept per step, in [0, 1).</summary>
            /// <value>0.99.</value>
            public double alpha { get; init; } = 0.99;

            /// <summary>What keeps the denominator from 0; at least 0.</summary>
            /// <value>1e-8.</value>
            public double eps { get; init; } = 1e-8;

            /// <summary>The share of the previous step that is kept, in [0, 1); by default 0.</summary>
            public double momentum { get; init; }

            /// <summary>Whether to divide by the standard deviation instead of the root mean square.</summary>
            public bool centered { get; init; }

            internal override IEnumerable<string> Problems() =>
                [.. base.Problems(), .. Below1((nameof(alpha), alpha), (nameof(momentum), momentum)), .. AtLeast0((nameof(eps), eps))];
        }
    }
}
