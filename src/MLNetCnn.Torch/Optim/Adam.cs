using MLNetCnn.Torch.Modules;
using MLNetCnn.Torch.Optim;

namespace MLNetCnn.Torch
{
    public static partial class torch
    {
        public static partial class optim
        {
            /// <summary>Adam (Kingma and Ba 2014); the weight decay is added to the gradient.</summary>
            public static Adam Adam(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0) =>
                Adam([new ParamGroup<Adam.Options>(parameters, new() { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay })]);

            /// <summary>Adam with settings per group.</summary>
            public static Adam Adam(IEnumerable<ParamGroup<Adam.Options>> groups) => new(groups, decoupled: false);

            /// <summary>AdamW (Loshchilov and Hutter 2017): Adam whose weight decay shrinks the weights themselves.</summary>
            public static Adam AdamW(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 1e-2) =>
                AdamW([new ParamGroup<Adam.Options>(parameters, new() { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay })]);

            /// <summary>AdamW with settings per group.</summary>
            public static Adam AdamW(IEnumerable<ParamGroup<Adam.Options>> groups) => new(groups, decoupled: true);
        }
    }
}

namespace MLNetCnn.Torch.Optim
{
    /// <summary>Adam, and with decoupled weight decay AdamW; made by <c>torch.optim.Adam</c> and <c>torch.optim.AdamW</c>.</summary>
    public sealed class Adam : Optimizer<Adam.Options>
    {
        private readonly bool _decoupled;

        internal Adam(IEnumerable<ParamGroup<Options>> groups, bool decoupled)
            : base(groups) => _decoupled = decoupled;

        private protected override IEnumerable<(string Name, double Initial)> States(Options options) =>
            [("exp_avg", 0), ("exp_avg_sq", 0)];

        private protected override int Step(double learningRate, Options options, OptimizerState state) => mnc_optim_adam(
            state.Parameters, state.Find("exp_avg"), state.Find("exp_avg_sq"), state.Steps, state.Count,
            learningRate, options.beta1, options.beta2, options.eps, options.weight_decay, _decoupled);

        /// <summary>The settings of Adam and AdamW.</summary>
        public sealed class Options : OptimizerOptions
        {
            /// <summary>How much of the mean gradient is kept per step, in [0, 1).</summary>
            /// <value>0.9.</value>
            public double beta1 { get; init; } = 0.9;

            /// <summary>How much of the mean squared gradient is kept per step, in [0, 1).</summary>
            /// <value>0.999.</value>
            public double beta2 { get; init; } = 0.999;

            /// <summary>What keeps the denominator from 0; at least 0.</summary>
            /// <value>1e-8.</value>
            public double eps { get; init; } = 1e-8;

            internal override IEnumerable<string> Problems() =>
                [.. base.Problems(), .. Below1((nameof(beta1), beta1), (nameof(beta2), beta2)), .. AtLeast0((nameof(eps), eps))];
        }
    }
}
