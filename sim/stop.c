#define _POSIX_C_SOURCE 200809L
#include "ludd/stop.h"

static volatile sig_atomic_t flag;

static void stop_noted(int number)
{
	(void)number;
	flag = 1;
}

void stop_install(void)
{
	static const int signals[] = {SIGTERM, SIGINT, SIGUSR1, SIGUSR2};

	for (int i = 0; i < LENGTH(signals); i++) {
		struct sigaction action = {.sa_handler = stop_noted, .sa_flags = SA_RESTART};
		if (signals[i] == SIGINT)
			action.sa_flags = (int)(SA_RESTART | SA_RESETHAND); /* a second kills */
		sigemptyset(&action.sa_mask);
		sigaction(signals[i], &action, NULL);
	}
}

bool stop_requested(void)
{
	return flag != 0;
}

const volatile sig_atomic_t *stop_flag(void)
{
	return &flag;
}
