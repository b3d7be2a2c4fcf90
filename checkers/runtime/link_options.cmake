# Sets RACECOURSE_EXPLORE_LINK_OPTIONS. -no-pie and -z now keep addresses and the dynamic linker's state the same in
# every execution. The functions on memory and strings pass through interpose/memory*.cpp, interpose/*string*.cpp,
# interpose/environment.cpp and interpose/calendar.cpp where the program's own objects call them; the last one through
# interpose/at_thread_exit.cpp.
set(RACECOURSE_EXPLORE_LINK_OPTIONS -no-pie -Wl,-z,now)
foreach(function
        memcpy memmove memset memcmp bcmp memchr strlen strnlen strcpy stpcpy strncpy strcat strncat strcmp strncmp
        strchr strrchr strstr __memcpy_chk __memmove_chk __memset_chk __strcpy_chk __stpcpy_chk __strncpy_chk
        __strcat_chk __strncat_chk sprintf snprintf vsprintf vsnprintf __sprintf_chk __snprintf_chk __vsprintf_chk
        __vsnprintf_chk strspn strcspn strpbrk strcasecmp strncasecmp strtok strtok_r qsort
        bzero bcopy explicit_bzero mempcpy __mempcpy_chk memccpy memrchr rawmemchr memmem stpncpy index rindex strchrnul
        strcasestr strcoll strsep qsort_r
        sscanf vsscanf __isoc99_sscanf __isoc99_vsscanf strtol strtoul strtoll strtoull strtoimax strtoumax strtof strtod
        strtold atoi atol atoll atof
        wcslen wcsnlen wcscpy wcpcpy wcsncpy wcscat wcsncat wcscmp wcsncmp wcschr wcsrchr wcsstr wmemcpy wmemmove wmemset
        wmemcmp wmemchr mbstowcs wcstombs swprintf vswprintf asprintf vasprintf __wcscpy_chk __wcscat_chk __wmemcpy_chk __wmemmove_chk
        __wmemset_chk
        getenv secure_getenv setenv unsetenv putenv clearenv
        localtime gmtime asctime ctime localtime_r gmtime_r asctime_r ctime_r mktime timegm strftime
        _ZNSt13__future_base13_State_baseV211_Make_ready6_M_setEv)
  list(APPEND RACECOURSE_EXPLORE_LINK_OPTIONS -Wl,--wrap=${function})
endforeach()
