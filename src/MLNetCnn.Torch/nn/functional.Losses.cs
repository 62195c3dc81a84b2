namespace MLNetCnn.Torch;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Cross-entropy of scores (logits) <c>[N, C]</c> and classes <c>[N]</c> (int64) or probabilities <c>[N, C]</c>.</summary>
            /// <param name="input">Scores before softmax.</param>
            /// <param name="target">Classes, or probabilities.</param>
            /// <param name="weight">A weight per class, <c>[C]</c>.</param>
            /// <param name="ignore_index">A class that does not count.</param>
            /// <param name="reduction">Mean, sum or one loss per sample.</param>
            /// <param name="label_smoothing">0..1: how much of the target is spread over all classes (Szegedy et al., 2016).</param>
            public static Tensor cross_entropy(Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean, double label_smoothing = 0) =>
                Owned(mnc_cross_entropy(input, target, weight, (long)reduction, ignore_index, label_smoothing, out var result), result);

            /// <summary>The negative log-likelihood of log-probabilities <c>[N, C]</c> and classes <c>[N]</c> (int64).</summary>
            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean) =>
                Owned(mnc_nll_loss(input, target, weight, (long)reduction, ignore_index, out var result), result);

            /// <summary>Squared differences.</summary>
            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Owned(mnc_mse_loss(input, target, (long)reduction, out var result), result);

            /// <summary>Absolute differences.</summary>
            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Owned(mnc_l1_loss(input, target, (long)reduction, out var result), result);

            /// <summary>The negative log-likelihood of counts under Poisson distributions.</summary>
            /// <param name="input">The expectation, or its logarithm.</param>
            /// <param name="target">The counts.</param>
            /// <param name="log_input">Whether the input is a logarithm.</param>
            /// <param name="full">Adds Stirling's approximation of log(target!).</param>
            /// <param name="eps">Keeps log(0) away.</param>
            /// <param name="reduction">Mean, sum or one loss per element.</param>
            public static Tensor poisson_nll_loss(Tensor input, Tensor target, bool log_input = true, bool full = false, double eps = 1e-8, Reduction reduction = Reduction.Mean) =>
                Owned(mnc_poisson_nll_loss(input, target, log_input, full, eps, (long)reduction, out var result), result);

            /// <summary>Binary cross-entropy of scores (logits) and targets 0..1 of the same shape.</summary>
            public static Tensor binary_cross_entropy_with_logits(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null) =>
                Owned(mnc_bce_with_logits(input, target, weight, pos_weights, (long)reduction, out var result), result);
        }
    }
}
