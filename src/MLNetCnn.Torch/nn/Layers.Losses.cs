using MLNetCnn.Torch.Modules;

namespace MLNetCnn.Torch;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Cross-entropy of scores (logits) <c>[N, C]</c> and classes <c>[N]</c> (int64) or probabilities <c>[N, C]</c>.</summary>
        /// <param name="weight">A weight per class, <c>[C]</c>; the caller keeps it.</param>
        /// <param name="ignore_index">A class that does not count; -100 by default.</param>
        /// <param name="reduction">Mean, sum or one loss per sample.</param>
        /// <param name="label_smoothing">0..1: how much of the target is spread over all classes (Szegedy et al., 2016).</param>
        public static CrossEntropyLoss CrossEntropyLoss(Tensor? weight = null, long? ignore_index = null, Reduction reduction = Reduction.Mean, double label_smoothing = 0) =>
            new(weight, ignore_index, reduction, label_smoothing);

        /// <summary>The negative log-likelihood of log-probabilities <c>[N, C]</c> and classes <c>[N]</c> (int64).</summary>
        public static NLLLoss NLLLoss(Tensor? weight = null, Reduction reduction = Reduction.Mean) => new(weight, reduction);

        /// <summary>Squared differences.</summary>
        public static MSELoss MSELoss(Reduction reduction = Reduction.Mean) => new(reduction);

        /// <summary>Absolute differences.</summary>
        public static L1Loss L1Loss(Reduction reduction = Reduction.Mean) => new(reduction);

        /// <summary>The negative log-likelihood of counts under Poisson distributions.</summary>
        /// <param name="log_input">Whether the input is the logarithm of the expectation.</param>
        /// <param name="full">Adds Stirling's approximation of log(target!).</param>
        /// <param name="eps">Keeps log(0) away.</param>
        /// <param name="reduction">Mean, sum or one loss per element.</param>
        public static PoissonNLLLoss PoissonNLLLoss(bool log_input = true, bool full = false, float eps = 1e-8f, Reduction reduction = Reduction.Mean) =>
            new(log_input, full, eps, reduction);

        /// <summary>Binary cross-entropy of scores (logits) and targets 0..1 of the same shape.</summary>
        public static BCEWithLogitsLoss BCEWithLogitsLoss(Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null) =>
            new(weight, reduction, pos_weights);
    }
}
