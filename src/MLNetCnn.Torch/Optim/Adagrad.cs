using MLNetCnn.Torch.Modules;
using MLNetCnn.Torch.Optim;

namespace MLNetCnn.Torch
{
    public static partial class torch
    {
        public static partial class optim
        {
            /// <summary>Adagrad (Duchi et al. 2011): each weight's rate falls with the squares of its gradients so far.</summary>
            public static Adagrad Adagrad(IEnumerable<Parameter> parameters, double lr = 1e-2, double lr_decay = 0, double weight_decay = 0, double initial_accumulator_value = 0, double eps = 1e-10) =>
                Adagrad([new ParamGroup<Adagrad.Options>(parameters, new() { LearningRate = lr, lr_decay = lr_decay, weight_decay = weight_decay, initial_accumulator_value = initial_accumulator_value, eps = eps })]);

            /// <summary>Adagrad with settings per group.</summary>
            public static Adagrad Adagrad(IEnumerable<ParamGroup<Adagrad.Options>> groups) => new(groups);
        }
    }
}

namespace MLNetCnn.Torch.Optim
{
    /// <summary>Adagrad; made by <c>torch.optim.Adagrad</c>.</summary>
    public sealed class Adagrad : Optimizer<Adagrad.Options>
    {
        internal Adagrad(IEnumerable<ParamGroup<Options>> groups)
            : base(groups)
        {
        }

        private protected override IEnumerable<(string Name, double Initial)> States(Options options) =>
            [("sum", options.initial_accumulator_value)];

        private protected override int Step(double learningRate, Options options, OptimizerState state) => mnc_optim_adagrad(
            state.Parameters, state.Find("sum"), state.Steps, state.Count,
            learningRate, options.lr_decay, options.eps, options.weight_decay);

        /// <summary>The settings of Adagrad.</summary>
        public sealed class Options : OptimizerOptions
        {
            /// <summary>The rate is divided by 1 + steps × this; at least 0, by default 0.</summary>
            public double lr_decay { get; init; }

            /// <summary>What the sums of squares start from; at least 0, by default 0 (Keras: 0.1).</summary>
            public double initial_accumulator_value { get; init; }

            /// <summary>What keeps the denominator from 0; at least 0.</summary>
            public double eps { get; init; } = 1e-10;

            internal override IEnumerable<string> Problems() =>
                [.. base.Problems(), .. AtLeast0((nameof(lr_decay), lr_decay), (nameof(initial_accumulator_value), initial_accumulator_value), (nameof(eps), eps))];
        }
    }
}
