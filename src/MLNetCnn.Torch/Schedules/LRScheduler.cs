using MLNetCnn.Torch.Optim;

namespace MLNetCnn.Torch;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Learning-rate schedules, under PyTorch's names.</summary>
        public static partial class lr_scheduler
        {
            /// <summary>
            /// Sets the learning rates of an optimizer as a function of how often <see cref="step"/> was called: once per epoch,
            /// or once per batch where the schedule counts batches. The rates start from each group's initial learning rate.
            /// </summary>
            public abstract class LRScheduler
            {
                private readonly ILearningRateController[] _groups;

                private protected LRScheduler(Optimizer optimizer)
                {
                    ArgumentNullException.ThrowIfNull(optimizer);
                    _groups = [.. optimizer.ParamGroups];
                }

                /// <summary>The steps taken so far; setting it puts the rates where they are after so many, as when a training resumes.</summary>
                public int last_epoch
                {
                    get;
                    set
                    {
                        ArgumentOutOfRangeException.ThrowIfNegative(value);
                        field = value;
                        foreach (var group in _groups)
                        {
                            group.LearningRate = RateAt(group.InitialLearningRate, value);
                        }
                    }
                }

                /// <summary>Goes one step on.</summary>
                public void step() => last_epoch++;

                /// <summary>The current rate of each group.</summary>
                public IEnumerable<double> get_last_lr() => _groups.Select(group => group.LearningRate);

                /// <summary>The rate after <paramref name="step"/> steps of a group that started from <paramref name="initial"/>.</summary>
                internal abstract double RateAt(double initial, int step);
            }
        }
    }
}
