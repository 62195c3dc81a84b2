using MLNetCnn.Torch.Modules;
using MLNetCnn.Torch.Optim;

namespace MLNetCnn.Torch
{
    public static partial class torch
    {
        public static partial class optim
        {
            /// <summary>Stochastic gradient descent, with momentum and Nesterov's variant of it (Sutskever et al. 2013).</summary>
            public static SGD SGD(IEnumerable<Parameter> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false) =>
                SGD([new ParamGroup<SGD.Options>(parameters, new() { LearningRate = learningRate, momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov })]);

            /// <summary>Stochastic gradient descent with settings per group.</summary>
            public static SGD SGD(IEnumerable<ParamGroup<SGD.Options>> groups) => new(groups);
        }
    }
}

namespace MLNetCnn.Torch.Optim
{
    /// <summary>Stochastic gradient descent; made by <c>torch.optim.SGD</c>.</summary>
    public sealed class SGD : Optimizer<SGD.Options>
    {
        internal SGD(IEnumerable<ParamGroup<Options>> groups)
            : base(groups)
        {
        }

        private protected override IEnumerable<(string Name, double Initial)> States(Options options) =>
            options.momentum == 0 ? [] : [("momentum_buffer", 0)];

        private protected override int Step(double learningRate, Options options, OptimizerState state) => mnc_optim_sgd(
            state.Parameters, state.Find("momentum_buffer"), state.Steps, state.Count,
            learningRate, options.momentum, options.dampening, options.weight_decay, options.nesterov);

        /// <summary>The settings of SGD.</summary>
        public sealed class Options : OptimizerOptions
        {
            /// <summary>The share of the previous step that is kept, in [0, 1); by default 0.</summary>
            public double momentum { get; init; }

            /// <summary>How much less than whole a new gradient enters the momentum, in [0, 1); by default 0.</summary>
            public double dampening { get; init; }

            /// <summary>Whether to look ahead along the momentum; needs momentum and no dampening.</summary>
            public bool nesterov { get; init; }

            internal override IEnumerable<string> Problems() =>
                [.. base.Problems(), .. Below1((nameof(momentum), momentum), (nameof(dampening), dampening)), .. NesterovProblems()];

            private IEnumerable<string> NesterovProblems() =>
                nesterov && (momentum == 0 || dampening != 0) ? ["nesterov needs a momentum above 0 and a dampening of 0"] : [];
        }
    }
}
