namespace MLNetCnn.Torch;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>Multiplies the rate by <paramref name="gamma"/> every <paramref name="step_size"/> steps.</summary>
            public static LRScheduler StepLR(Optimizer optimizer, int step_size, double gamma = 0.1)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(step_size, 1);
                return new Schedule(optimizer, (initial, step) => initial * Math.Pow(gamma, step / step_size));
            }

            /// <summary>Multiplies the rate by <paramref name="gamma"/> at each of the steps <paramref name="milestones"/>.</summary>
            public static LRScheduler MultiStepLR(Optimizer optimizer, IEnumerable<int> milestones, double gamma = 0.1)
            {
                int[] passed = [.. milestones];
                return new Schedule(optimizer, (initial, step) => initial * Math.Pow(gamma, passed.Count(milestone => milestone <= step)));
            }

            /// <summary>Multiplies the rate by <paramref name="gamma"/> at every step.</summary>
            public static LRScheduler ExponentialLR(Optimizer optimizer, double gamma = 0.1) =>
                new Schedule(optimizer, (initial, step) => initial * Math.Pow(gamma, step));

            /// <summary>Lets the rate fall to <paramref name="eta_min"/> along half a cosine of <paramref name="T_max"/> steps (Loshchilov and Hutter 2016), and rise again after them.</summary>
            public static LRScheduler CosineAnnealingLR(Optimizer optimizer, int T_max, double eta_min = 0)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(T_max, 1);
                return new Schedule(optimizer, (initial, step) => Cosine(initial, eta_min, (double)step / T_max));
            }

            /// <summary>Moves the rate in a straight line from <paramref name="start_factor"/> to <paramref name="end_factor"/> times its start within <paramref name="total_iters"/> steps: a warm-up.</summary>
            public static LRScheduler LinearLR(Optimizer optimizer, double start_factor = 1.0 / 3, double end_factor = 1, int total_iters = 5)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(total_iters, 1);
                return new Schedule(optimizer, (initial, step) => initial * (start_factor + ((end_factor - start_factor) * Math.Min(1, (double)step / total_iters))));
            }

            /// <summary>
            /// One cycle (Smith and Topin 2017): up along a cosine from <paramref name="max_lr"/> / <paramref name="div_factor"/> to
            /// <paramref name="max_lr"/> in the share <paramref name="pct_start"/> of the steps, then down to a
            /// <paramref name="final_div_factor"/>-th of where it began. Momentum stays as it is (PyTorch's <c>cycle_momentum=False</c>).
            /// </summary>
            public static LRScheduler OneCycleLR(Optimizer optimizer, double max_lr, int total_steps, double pct_start = 0.3, double div_factor = 25, double final_div_factor = 1e4)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(total_steps, 2);
                var start = max_lr / div_factor;
                var top = (pct_start * total_steps) - 1;
                return new Schedule(optimizer, (_, step) => step <= top
                    ? Cosine(start, max_lr, top > 0 ? step / top : 1)
                    : Cosine(max_lr, start / final_div_factor, Math.Min(1, (step - top) / (total_steps - 1 - top))));
            }

            /// <summary>One schedule after the other: each starts from its own step 0 when its milestone is reached.</summary>
            /// <exception cref="ArgumentException">There is not one milestone between each two schedules.</exception>
            public static LRScheduler SequentialLR(Optimizer optimizer, IReadOnlyList<LRScheduler> schedulers, IReadOnlyList<int> milestones)
            {
                ArgumentNullException.ThrowIfNull(schedulers);
                ArgumentNullException.ThrowIfNull(milestones);
                if (milestones.Count != schedulers.Count - 1)
                {
                    throw new ArgumentException($"{schedulers.Count} schedules take {schedulers.Count - 1} milestones, not {milestones.Count}");
                }

                return new Schedule(optimizer, (initial, step) =>
                {
                    var current = milestones.Count(milestone => milestone <= step);
                    return schedulers[current].RateAt(initial, current == 0 ? step : step - milestones[current - 1]);
                });
            }

            private static double Cosine(double from, double to, double share) => to + ((from - to) * (1 + Math.Cos(Math.PI * share)) / 2);

            private sealed class Schedule : LRScheduler
            {
                private readonly Func<double, int, double> _rate;

                public Schedule(Optimizer optimizer, Func<double, int, double> rate)
                    : base(optimizer)
                {
                    _rate = rate;
                    last_epoch = 0;
                }

                internal override double RateAt(double initial, int step) => _rate(initial, step);
            }
        }
    }
}
