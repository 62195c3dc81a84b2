using MLNetCnn.Torch.Modules;
using MLNetCnn.Torch.Optim;

namespace MLNetCnn.Torch
{
    public static partial class torch
    {
        public static partial class optim
        {
            /// <summary>NAdam (Dozat 2016): Adam with Nesterov's momentum; the weight decay is added to the gradient.</summary>
            public static NAdam NAdam(IEnumerable<Parameter> parameters, double lr = 2e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, double momentum_decay = 4e-3) =>
                NAdam([new ParamGroup<NAdam.Options>(parameters, new() { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, momentum_decay = momentum_decay })]);

            /// <summary>NAdam with settings per group.</summary>
            public static NAdam NAdam(IEnumerable<ParamGroup<NAdam.Options>> groups) => new(groups);
        }
    }
}

namespace MLNetCnn.Torch.Optim
{
    /// <summary>NAdam; made by <c>torch.optim.NAdam</c>.</summary>
    public sealed class NAdam : Optimizer<NAdam.Options>
    {
        internal NAdam(IEnumerable<ParamGroup<Options>> groups)
            : base(groups)
        {
        }

        private protected override IEnumerable<(string Name, double Initial)> States(Options options) =>
            [("exp_avg", 0), ("exp_avg_sq", 0)];

        private protected override int Step(double learningRate, Options options, OptimizerState state) => mnc_optim_nadam(
            state.Parameters, state.Find("exp_avg"), state.Find("exp_avg_sq"), state.Steps, state.MomentumProducts, state.Count,
            learningRate, options.beta1, options.beta2, options.eps, options.weight_decay, options.momentum_decay);

        /// <summary>The settings of NAdam.</summary>
        public sealed class Options : OptimizerOptions
        {
            /// <summary>How much of the mean gradient is kept per step once the momentum has warmed up, in [0, 1).</summary>
            public double beta1 { get; init; } = 0.9;

            /// <summary>How much of the mean squared gradient is kept per step, in [0, 1).</summary>
            public double beta2 { get; init; } = 0.999;

            /// <summary>What keeps the denominator from 0; at least 0.</summary>
            public double eps { get; init; } = 1e-8;

            /// <summary>How fast the momentum warms up; at least 0.</summary>
            public double momentum_decay { get; init; } = 4e-3;

            internal override IEnumerable<string> Problems() =>
                [.. base.Problems(), .. Below1((nameof(beta1), beta1), (nameof(beta2), beta2)), .. AtLeast0((nameof(eps), eps), (nameof(momentum_decay), momentum_decay))];
        }
    }
}
